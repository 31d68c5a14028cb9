/**
 * Holds the code to its drawing: rooms import what docs/architecture.md has an arrow for and nothing else, and every arrow that is there is used. A solid
 * arrow is for code, a dotted one for types alone.
 *
 *   npm run check:rooms
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'oxc-parser';

/** From one room to another. */
interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly isOfTypes: boolean;
}

interface Import extends Arrow {
  readonly file: string;
  readonly target: string;
}

/** @returns what is wrong, a sentence each */
export function wrongArrows(drawn: readonly Arrow[], imports: readonly Import[]): readonly string[] {
  const isDrawn = ({ from, to, isOfTypes }: Arrow): boolean =>
    drawn.some((arrow) => arrow.from === from && arrow.to === to && (isOfTypes || !arrow.isOfTypes));
  const undrawn = imports
    .filter((one) => one.from !== one.to && !isDrawn(one))
    .map(
      ({ file, target, from, to, isOfTypes }) =>
        `${file} imports ${isOfTypes ? 'types of ' : ''}${target}, and no arrow leads from ${from} to ${to}.`,
    );
  const unused = drawn
    .filter(({ from, to, isOfTypes }) => {
      const taken = imports.filter((one) => one.from === from && one.to === to);
      return taken.length === 0 || (!isOfTypes && taken.every((one) => one.isOfTypes));
    })
    .map(
      ({ from, to, isOfTypes }) =>
        `The arrow from ${from} to ${to} is used by ${isOfTypes ? 'nobody' : 'no code, or by types alone'}.`,
    );
  return [...undrawn, ...unused];
}

/** The arrows of the Mermaid drawing: `a & b --> c -.-> d`. */
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

/** Every import of a file from another room. */
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

/** A folder of `src/`, or one beside it. What stands in `src/` itself is for programs to import; the flow has its own. */
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
