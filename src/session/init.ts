import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname, resolve } from 'node:path';
import { LanewiseError } from '../model/errors.ts';
import { readable, shellWord } from '../model/text.ts';
import { packageType } from '../system/package-type.ts';
import { runsTypeScript } from '../../workers/this-runtime.ts';
import type { ValuesOf } from '../options/table.ts';
import { reasonOf } from './folder-files.ts';
import { workloadTemplate } from './workload-template.ts';

/**
 * Runs `lanewise init`: writes a workload that runs, and prints the next command.
 *
 * @returns the exit status
 * @throws LanewiseError if the file exists, or cannot be written
 */
export function writeWorkload({ typescript = false, io = false, ...values }: ValuesOf<'init'>): number {
  const file = values.file ?? (typescript ? 'workload.mts' : 'workload.mjs');
  const isTypeScript = languageOf(file, typescript);
  const name = basename(file, extname(file)).replaceAll(/[^\w-]/g, '-');
  const text = workloadTemplate({ file: basename(file), name, bound: io ? 'io' : 'cpu', isTypeScript });
  try {
    mkdirSync(dirname(resolve(file)), { recursive: true });
    writeFileSync(file, text, { flag: 'wx' });
  } catch (cause) {
    const isThere = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST';
    throw new LanewiseError(
      'usage',
      isThere
        ? `${file} exists and is not overwritten: give another name, for example lanewise init my-work.mjs.`
        : `Cannot write ${file} (${reasonOf(cause)}): give another path.`,
      { cause },
    );
  }
  const needs =
    isTypeScript && !runsTypeScript()
      ? `Node ${process.version} does not run TypeScript by itself: npm install --save-dev tsx.\n`
      : '';
  const path = /[/\\]/.test(file) ? file : `./${file}`;
  process.stdout.write(readable(`Written: ${file}\n${needs}Measure it: lanewise run ${shellWord(path)}\n`));
  return 0;
}

/**
 * Whether a file is TypeScript, by its extension.
 *
 * @throws LanewiseError for any extension that is not of the language asked for
 */
function languageOf(file: string, asksForTypeScript: boolean): boolean {
  const isTypeScript = /\.m?ts$/.test(file);
  if (!isTypeScript && !/\.m?js$/.test(file))
    throw new LanewiseError('usage', `Invalid file name ${file}: use .mjs, .js, .mts or .ts.`);
  // There, import and export are no syntax.
  if (!/\.m[jt]s$/.test(file) && packageType(dirname(resolve(file))) === 'commonjs')
    throw new LanewiseError(
      'usage',
      `Invalid file name ${file}: its package.json makes it CommonJS, and a workload is written as an ES module. Use .mjs or .mts.`,
    );
  if (asksForTypeScript && !isTypeScript)
    throw new LanewiseError('usage', `Invalid file name ${file}: with --typescript use .mts or .ts.`);
  return isTypeScript;
}
