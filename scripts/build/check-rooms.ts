/**
 * Checks imports between rooms against the drawing in docs/architecture.md: every import needs an arrow, and every
 * arrow is used. A solid arrow is for code, a dotted one for types only.
 *
 *   npm run check:rooms
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'oxc-parser';

/** Permission for one room to import another. */
interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly isOfTypes: boolean;
}

interface Import extends Arrow {
  readonly file: string;
  readonly target: string;
}

/** @returns a sentence for each import without an arrow, and each unused arrow */
export function wrongArrows(drawn: readonly Arrow[], imports: readonly Import[]): readonly string[] {
  const isDrawn = ({ from, to, isOfTypes }: Arrow): boolean =>
    drawn.some((arrow) => arrow.from === from && arrow.to === to && (isOfTypes || !arrow.isOfTypes));
  const undrawn = imports
    .filter((one) => one.from !== one.to && !isDrawn(one))
    .map(
      ({ file, target, from, to, isOfTypes }) =>
        `${file} imports ${isOfTypes ? 'types of ' : ''}${target}, but docs/architecture.md has no arrow from ${from} to ${to}.`,
    );
  const unused = drawn
    .filter(({ from, to, isOfTypes }) => {
      const taken = imports.filter((one) => one.from === from && one.to === to);
      return taken.length === 0 || (!isOfTypes && taken.every((one) => one.isOfTypes));
    })
    .map(
      ({ from, to, isOfTypes }) =>
        `The arrow from ${from} to ${to} is ${isOfTypes ? 'unused' : 'unused, or used for types only'}: remove it or dot it.`,
    );
  return [...undrawn, ...unused];
}

/** Reads the arrows of the Mermaid drawing: `a & b --> c -.-> d`. */
export function arrowsIn(page: string): readonly Arrow[] {
  const drawing = /```mermaid\n([^]*?)```/.exec(page)?.[1] ?? '';
  return drawing.split('\n').flatMap((line) => {
    const [first = '', ...rest] = line.split(/(-->|-\.->)/);
    let froms = roomsIn(first);
    const arrows: Arrow[] = [];
    for (let index = 0; index + 1 < rest.length; index += 2) {
      const tos = roomsIn(rest[index + 1] ?? '');
      for (const from of froms) for (const to of tos) arrows.push({ from, to, isOfTypes: rest[index] === '-.->' });
      froms = tos;
    }
    return arrows;
  });
}

function roomsIn(text: string): readonly string[] {
  return text.split('&').map((name) => name.trim());
}

/** Finds the imports of a file, static and dynamic. */
export function importsIn(file: string, text: string): readonly Import[] {
  const { staticImports, staticExports, dynamicImports } = parseSync(file, text).module;
  const asked = [
    ...staticImports.map(({ moduleRequest, entries }) => ({
      name: moduleRequest.value,
      isOfTypes: entries.length > 0 && entries.every(({ isType }) => isType),
    })),
    ...staticExports.flatMap(({ entries }) =>
      entries.flatMap(({ moduleRequest, isType }) =>
        moduleRequest === null ? [] : [{ name: moduleRequest.value, isOfTypes: isType }],
      ),
    ),
    ...dynamicImports.map(({ moduleRequest: { start, end } }) => ({
      name: text.slice(start + 1, end - 1),
      isOfTypes: false,
    })),
  ];
  return asked
    .filter(({ name }) => name.startsWith('.'))
    .map(({ name, isOfTypes }) => {
      const target = posix.join(posix.dirname(file), name);
      return { file, target, from: roomOf(file), to: roomOf(target), isOfTypes };
    });
}

/** Room of a file: its folder in `src/` or beside it. Files in `src/` itself are `api`, except `flow.ts`. */
function roomOf(file: string): string {
  const [top = '', room = ''] = file.split('/');
  if (top !== 'src') return top;
  if (file === 'src/flow.ts') return 'flow';
  return room.endsWith('.ts') ? 'api' : room;
}

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const FOLDERS = ['src', 'workers', 'bench', 'browser'];

function allImports(): readonly Import[] {
  const files = FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((file) =>
      posix.join(folder, file.split(sep).join('/')),
    ),
  ).filter((file) => /\.tsx?$/.test(file));
  return files.flatMap((file) => importsIn(file, readFileSync(join(ROOT, file), 'utf8')));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const wrong = wrongArrows(arrowsIn(readFileSync(join(ROOT, 'docs/architecture.md'), 'utf8')), allImports());
  for (const sentence of wrong) process.stderr.write(`${sentence}\n`);
  if (wrong.length > 0) process.exitCode = 1;
}
