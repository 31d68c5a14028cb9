import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TaughtLesson } from '../model/lessons.ts';
import type { Lesson } from './lesson.ts';

/** Sources as written; `dist` holds the compiled modules. */
const SOURCES = new URL('../../../bench/lessons/', import.meta.url);
const MODULES = new URL('../../bench/lessons/', import.meta.url);

/** File URL of the module that runs. */
export function moduleOf({ id }: Lesson): string {
  return new URL(`${id}.js`, MODULES).href;
}

/** The module as JavaScript that a student can change and run from any folder: its imports become absolute URLs. */
export async function moduleText(lesson: Lesson): Promise<string> {
  const url = moduleOf(lesson);
  const text = await readFile(new URL(url), 'utf8');
  return text
    .replace(/\n\/\/# sourceMappingURL=.*\n?$/, '\n')
    .replaceAll('import.meta.url', `'${url}'`)
    .replaceAll(/ from '(\.[^']*)'/g, (_match, path: string) => ` from '${new URL(path, url).href}'`);
}

/** Code to show. @param from a modified copy of the module */
export async function codeOf({ id, files = [] }: Lesson, from: string | undefined): Promise<TaughtLesson['code']> {
  const urls = from === undefined ? [id, ...files].map((file) => new URL(`${file}.ts`, SOURCES)) : [new URL(from)];
  return Promise.all(
    urls.map(async (url) => ({ file: basename(fileURLToPath(url)), text: (await readFile(url, 'utf8')).trimEnd() })),
  );
}
