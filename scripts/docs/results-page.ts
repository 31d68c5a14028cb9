import { markdownTable } from 'markdown-table';

/** The part of JSON Schema that the results' schema uses. */
export interface Schema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
}

/** The results field by field, in Markdown: a table for each part. */
export function writeResultsPage({ properties = {}, required = [] }: Schema): string {
  const all = Object.entries(properties);
  const isPart = ([, schema]: readonly [string, Schema]): boolean => fieldsWithin(schema) !== undefined;
  const nameOf = (name: string): string => (required.includes(name) ? name : `${name}?`);
  return [
    table(all.filter((one) => !isPart(one)).map(([name, schema]) => rowOf(nameOf(name), schema))),
    ...all
      .filter(isPart)
      .flatMap(([name, schema]) => [
        `## ${name}`,
        [required.includes(name) ? '' : 'Optional.', meaningOf(schema)].filter((text) => text !== '').join(' '),
        table(rowsWithin(schema, schema.items === undefined ? '' : '[].')),
      ]),
  ].join('\n\n');
}

type Row = readonly [field: string, type: string, meaning: string];

function table(rows: readonly Row[]): string {
  return markdownTable([['field', 'type', 'meaning'], ...rows.map(escaped)]);
}

function escaped([field, type, meaning]: Row): string[] {
  return [`\`${field}\``, type, meaning].map((text) => text.replaceAll('|', '\\|'));
}

/** Schemas of a field's object, of its alternatives or of its items; undefined for a plain value. */
function fieldsWithin(schema: Schema): readonly Schema[] | undefined {
  const whole = schema.items ?? schema;
  const alternatives = (whole.anyOf ?? [whole]).filter(({ properties }) => properties !== undefined);
  return alternatives.length === 0 ? undefined : alternatives;
}

function rowsWithin(schema: Schema, path: string): readonly Row[] {
  const [first, ...others] = fieldsWithin(schema) ?? [];
  if (first === undefined) return [];
  const isShared = (name: string): boolean => others.every(({ properties }) => name in (properties ?? {}));
  const shared = namesOf(first).filter((name) => isShared(name) && first.properties?.[name]?.const === undefined);
  if (others.length === 0) return rowsOf(first, namesOf(first), path);
  return [
    ...rowsOf(first, shared, path),
    ...[first, ...others].flatMap((one): readonly Row[] => {
      const own = namesOf(one).filter((name) => !shared.includes(name));
      const kind = own.find((name) => one.properties?.[name]?.const !== undefined);
      const rest = own.filter((name) => name !== kind);
      const tag = kind === undefined ? [] : [rowOf(`${path}${kind}`, one.properties?.[kind] ?? {}, one.description)];
      return [...tag, ...rowsOf(one, rest, path)];
    }),
  ];
}

function namesOf({ properties = {} }: Schema): readonly string[] {
  return Object.keys(properties);
}

function rowsOf({ properties = {}, required = [] }: Schema, names: readonly string[], path: string): readonly Row[] {
  return names.flatMap((name) => {
    const field = properties[name] ?? {};
    const at = `${path}${name}`;
    const within = rowsWithin(field, `${at}${field.items === undefined ? '.' : '[].'}`);
    return [rowOf(required.includes(name) ? at : `${at}?`, field), ...within];
  });
}

function rowOf(field: string, schema: Schema, meaning = meaningOf(schema)): Row {
  return [field, typeOf(schema), meaning];
}

function meaningOf({ description, items }: Schema): string {
  return description ?? items?.description ?? '';
}

function typeOf({ type, const: only, enum: values, items, anyOf }: Schema): string {
  if (values !== undefined) return values.map((value) => typeOf({ const: value })).join(' or ');
  if (only !== undefined) return `\`${JSON.stringify(only)}\``;
  if (items !== undefined) return `list of ${typeOf(items)}`;
  if (anyOf !== undefined) return [...new Set(anyOf.map(typeOf))].join(' or ');
  return type ?? 'anything';
}
