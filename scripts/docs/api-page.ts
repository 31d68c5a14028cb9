import {
  ApiDeclaredItem,
  ApiExportedMixin,
  ApiItemKind,
  ApiProperty,
  type ApiPropertyItem,
  ApiPropertySignature,
  ExcerptTokenKind,
  type ApiItem,
} from '@microsoft/api-extractor-model';
import { DocExcerpt, type DocComment, type DocNode } from '@microsoft/tsdoc';
import { markdownTable } from 'markdown-table';
import { STRATEGY_NAMES } from '../../src/model/strategies.ts';
import type { EntryPoint } from './read-api.ts';

/** Lists the names: a reader cannot look up the table. */
function spelledOut(code: string): string {
  return code.replace('(typeof STRATEGY_NAMES)[number]', STRATEGY_NAMES.map((name) => `'${name}'`).join(' | '));
}

/** Functions and classes come before the types that they take and return. */
const ORDER: readonly ApiItemKind[] = [
  ApiItemKind.Function,
  ApiItemKind.Variable,
  ApiItemKind.Class,
  ApiItemKind.Interface,
  ApiItemKind.TypeAlias,
];

/** A program in examples/. */
export interface Example {
  /** Relative to that folder. */
  readonly file: string;
  readonly text: string;
}

/** Content of an API page. */
export interface ApiPage {
  readonly entryPoints: readonly EntryPoint[];
  /** Programs that use a function, by its name; the tests run them. */
  readonly examples: ReadonlyMap<string, Example>;
  /** Fields of types that are derived from a table, by the name of the type. */
  readonly tabled: ReadonlyMap<string, string>;
}

/** Writes the page in Markdown; each item once, where it is first exported. */
export function writePage({ entryPoints, ...about }: ApiPage): string {
  const written = new Set<string>();
  return entryPoints
    .map(({ name, items }) => {
      const again = items.filter((item) => isExported(item) && written.has(nameOf(item)));
      const named = namedBy(items, about.tabled);
      const fresh = items.filter((item) => isOfInterest(item, named) && !written.has(nameOf(item)));
      for (const item of fresh) written.add(nameOf(item));
      return [
        `## ${name}`,
        ...(again.length > 0 ? [`Also: ${again.map((item) => linkTo(nameOf(item))).join(', ')}.`] : []),
        ...fresh.toSorted(byKind).flatMap((item) => sectionOf(item, written, about)),
      ].join('\n\n');
    })
    .join('\n\n');
}

/** Exports, and types that they refer to; not the values from which types are derived. */
function isOfInterest(item: ApiItem, named: ReadonlySet<string>): boolean {
  return isExported(item) || (item.kind !== ApiItemKind.Variable && named.has(nameOf(item)));
}

/** Names that exports refer to, directly or not. For a type derived from a table, its fields count. */
function namedBy(items: readonly ApiItem[], tabled: ApiPage['tabled']): ReadonlySet<string> {
  const named = new Set<string>();
  const add = (item: ApiItem): void => {
    const names = tabled.get(nameOf(item))?.match(/\w+/g) ?? referencesOf(item);
    const fresh = items.filter((other) => names.includes(nameOf(other)) && !named.has(nameOf(other)));
    for (const other of fresh) named.add(nameOf(other));
    fresh.forEach(add);
  };
  items.filter(isExported).forEach(add);
  return named;
}

function referencesOf(item: ApiItem): readonly string[] {
  const tokens = [item, ...item.members].flatMap((one) => (one instanceof ApiDeclaredItem ? one.excerptTokens : []));
  return tokens.flatMap(({ kind, text }) => (kind === ExcerptTokenKind.Reference ? unnumbered(text) : []));
}

/** Exports without a docstring. */
export function undocumented(entryPoints: readonly EntryPoint[]): readonly string[] {
  return entryPoints.flatMap(({ name, items }) =>
    items.filter((item) => isExported(item) && summaryOf(item) === '').map((item) => `${name}: ${nameOf(item)}`),
  );
}

function byKind(a: ApiItem, b: ApiItem): number {
  return (
    Number(isExported(b)) - Number(isExported(a)) ||
    ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) ||
    nameOf(a).localeCompare(nameOf(b), 'en')
  );
}

function sectionOf(
  item: ApiItem,
  known: ReadonlySet<string>,
  { examples, tabled }: Omit<ApiPage, 'entryPoints'>,
): readonly string[] {
  const name = nameOf(item);
  const example = examples.get(name);
  const fields = tabled.get(name);
  const { params, remarksBlock } = commentOf(item) ?? {};
  return [
    `### ${name}`,
    ...(isExported(item) ? [] : ['Not exported; exported types refer to it.']),
    summaryOf(item),
    remarksBlock === undefined ? '' : textOf(remarksBlock.content),
    item instanceof ApiDeclaredItem && fields === undefined ? fence('ts', spelledOut(item.excerpt.text)) : '',
    fields ?? tableOf(item),
    (params?.blocks ?? []).map((block) => `- \`${block.parameterName}\`: ${textOf(block.content)}`).join('\n'),
    ...outcomesOf(item),
    fields === undefined ? seeAlso(item, known) : '',
    example === undefined ? '' : `[${example.file}](../examples/${example.file}):\n\n${fence('js', example.text)}`,
  ].filter((part) => part !== '');
}

/** Sentences about the return value and the errors. */
function outcomesOf(item: ApiItem): readonly string[] {
  const { returnsBlock, customBlocks = [] } = commentOf(item) ?? {};
  const thrown = customBlocks.filter(({ blockTag }) => blockTag.tagName === '@throws');
  return [
    ...(returnsBlock === undefined ? [] : [`Returns ${sentence(returnsBlock.content)}`]),
    ...thrown.map((block) => `Throws ${sentence(block.content)}`),
  ];
}

/** Table of the fields of an interface, or of the constructor, methods and properties of a class. */
function tableOf(item: ApiItem): string {
  const isClass = item.kind === ApiItemKind.Class;
  if (!isClass && item.kind !== ApiItemKind.Interface) return '';
  const rows = item.members.flatMap((member) => {
    const meaning = [summaryOf(member), ...outcomesOf(member)].join(' ').replaceAll('|', '\\|');
    if (member instanceof ApiPropertySignature) return [[...fieldOf(member), meaning]];
    // The extractor writes a docstring for a constructor without one.
    return !isClass || /^(?:Constructs a new instance of .*)?$/.test(meaning)
      ? []
      : [[...signatureOf(member), meaning]];
  });
  const heads = isClass ? ['member', 'meaning'] : ['field', 'type', 'meaning'];
  return rows.length === 0 ? '' : markdownTable([heads, ...rows]);
}

function fieldOf(field: ApiPropertySignature): readonly string[] {
  return [`\`${nameIn(field)}\``, codeInTable(field.propertyTypeExcerpt.text)];
}

function nameIn({ name, isOptional }: ApiPropertyItem): string {
  return isOptional ? `${name}?` : name;
}

function signatureOf(member: ApiItem): readonly string[] {
  // A getter is used like a property.
  if (member instanceof ApiProperty) return [codeInTable(`${nameIn(member)}: ${member.propertyTypeExcerpt.text}`)];
  return member instanceof ApiDeclaredItem ? [codeInTable(member.excerpt.text.replace(/;$/, ''))] : [];
}

function codeInTable(text: string): string {
  const line = text
    .replaceAll(/\/\*.*?\*\//gs, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return `\`${line.replaceAll('|', '\\|')}\``;
}

function seeAlso(item: ApiItem, known: ReadonlySet<string>): string {
  const others = [...new Set(referencesOf(item))].filter((name) => known.has(name) && name !== nameOf(item));
  return others.length === 0 ? '' : `See ${others.map(linkTo).join(', ')}.`;
}

function linkTo(name: string): string {
  return `[${name}](#${name.toLowerCase()})`;
}

function nameOf(item: ApiItem): string {
  return unnumbered(item.displayName);
}

/** Removes the number that the extractor adds to names which are also global: `LockOptions_2`. */
function unnumbered(name: string): string {
  return name.replace(/_\d+$/, '');
}

function isExported(item: ApiItem): boolean {
  return !ApiExportedMixin.isBaseClassOf(item) || item.isExported;
}

function summaryOf(item: ApiItem): string {
  const comment = commentOf(item);
  return comment === undefined ? '' : textOf(comment.summarySection);
}

function commentOf(item: ApiItem): DocComment | undefined {
  return item instanceof ApiDeclaredItem ? item.tsdocComment : undefined;
}

/** Ends with a full stop, which some tags lack. */
function sentence(node: DocNode): string {
  return textOf(node).replace(/\.?$/, '.');
}

/** Text as written: docstrings are Markdown already. */
function textOf(node: DocNode): string {
  return rawOf(node).replaceAll(/\s+/g, ' ').trim();
}

function rawOf(node: DocNode): string {
  return node instanceof DocExcerpt ? node.content.toString() : node.getChildNodes().map(rawOf).join('');
}

function fence(language: string, text: string): string {
  return `\`\`\`${language}\n${text.trim()}\n\`\`\``;
}
