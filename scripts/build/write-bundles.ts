/** Writes bundles of code, which have the licenses of what they contain. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { BuildResult } from 'esbuild';

/** The oldest Node that the package allows. */
export const TARGET = 'node20.19';

/**
 * Writes what esbuild made, with the licenses of the packages in it.
 * @param folder to which its paths are relative
 * @param finish changes the text of a bundle
 */
export function writeBundles(
  { outputFiles, metafile }: BuildResult<{ write: false; metafile: true }>,
  folder: string,
  finish = (text: string): string => text,
): void {
  const inputsOf = new Map(
    Object.entries(metafile.outputs).map(([path, { inputs }]) => [basename(path), Object.keys(inputs)]),
  );
  for (const { path, text } of outputFiles)
    writeFileSync(path, finish(text) + licenses(folder, inputsOf.get(basename(path)) ?? []));
}

/** The licenses of bundled packages, which must go with their code. */
function licenses(folder: string, inputs: readonly string[]): string {
  const packages = new Set(inputs.flatMap((input) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1] ?? []));
  return [...packages].map((path) => `\n/*\n${basename(path)}: ${licenseIn(join(folder, path))}*/\n`).join('');
}

function licenseIn(folder: string): string {
  const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
  return file === undefined ? declaredLicense(folder) : readFileSync(join(folder, file), 'utf8');
}

/** The license of a package that does not hold its text. */
function declaredLicense(folder: string): string {
  const { license, author } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    readonly license?: unknown;
    readonly author?: unknown;
  };
  if (license !== 'ISC' && license !== 'MIT')
    throw new Error(`${folder} has no license file: bundle it only if its license permits that.`);
  return `${license}, ${typeof author === 'string' ? author : JSON.stringify(author)}\n`;
}
