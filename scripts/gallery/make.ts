/**
 * Measures the works of examples/gallery, one after the other, and writes their reports and docs/gallery.md.
 *
 *   npm run gallery -- [--only bcrypt,json] [--again] [--smallest] [--render]
 *
 * Run again after an interruption, it resumes: finished works stay as they are, and `--again` measures them again.
 * `--smallest` only tries whether everything runs: it measures as little as possible and writes no report. `--render`
 * measures nothing, and writes the reports anew from the committed results, in the words of today.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { didYouMean } from '../../src/model/errors.ts';
import { duration } from '../../src/report/numbers.ts';
import { JOURNAL_FILE } from '../../src/session/unfinished.ts';
import { readResults } from '../../src/session/read-results.ts';
import { MAIN } from '../lanewise.ts';
import { answersOf } from './gallery-page.ts';
import { GALLERY, readWorks, reportFolder, type Work } from './works.ts';
import { scriptOptions } from '../script-options.ts';

const WRITE_PAGES = fileURLToPath(new URL('../docs/write-pages.js', import.meta.url));
const OUTPUT = ['--format', 'html,md,json', '--wait', '30m'];
/** Two configurations need 6 blocks for a verdict, three need 7, and a tuning 8. */
const SMALLEST = ['-p', '1', '--blocks', '8', '--rounds', '1', '--out'];

/** The folder of the measurement, which is not committed. */
const measuredIn = ({ name }: Work): string => join(GALLERY, 'lanewise-report', name);

/** Arguments that measure the work, or what is left of it after an interruption. */
function commandOf(work: Work): readonly string[] {
  const folder = measuredIn(work);
  if (existsSync(join(folder, JOURNAL_FILE))) return ['run', '--resume', folder, ...OUTPUT];
  return [...work.command, '--out', folder, ...OUTPUT];
}

/** Runs `lanewise` in the gallery with its progress on stderr. @throws Error if it failed */
function lanewise(args: readonly string[]): void {
  const { status } = spawnSync(process.execPath, [MAIN, ...args], {
    cwd: GALLERY,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status === 130) process.exit(130);
  if (status !== 0) throw new Error(`lanewise ${args.join(' ')} ended with ${status}`);
}

/** Copies the report of a finished measurement to where it is committed. */
async function keep(work: Work): Promise<void> {
  const from = measuredIn(work);
  const to = reportFolder(work);
  const results = await readResults(from);
  mkdirSync(to, { recursive: true });
  writeFileSync(join(to, 'results.json.gz'), gzipSync(readFileSync(join(from, 'results.json')), { level: 9 }));
  for (const file of ['index.html', 'report.md']) copyFileSync(join(from, file), join(to, file));
  for (const answer of answersOf(results)) process.stderr.write(`  ${answer}\n`);
}

async function measure(work: Work): Promise<void> {
  const isMeasured =
    existsSync(join(measuredIn(work), 'results.json')) && !existsSync(join(measuredIn(work), JOURNAL_FILE));
  if (!isMeasured) lanewise(commandOf(work));
  await keep(work);
}

function trySmallest(work: Work): void {
  const folder = join(measuredIn(work), 'smallest');
  lanewise([...work.command, ...work.smallest, ...SMALLEST, folder, '--format', 'json', '--wait', '--quiet']);
  rmSync(folder, { recursive: true });
}

function renderAgain(work: Work): void {
  const folder = reportFolder(work);
  lanewise(['report', join(folder, 'results.json.gz'), '--out', folder, '--format', 'html,md', '--quiet']);
}

function chosen(works: readonly Work[], only: string | undefined): readonly Work[] {
  if (only === undefined) return works;
  const names = works.map(({ name }) => name);
  return only.split(',').map((name) => {
    const found = works.find((work) => work.name === name);
    if (found !== undefined) return found;
    throw new Error(`Unknown work "${name}".${didYouMean(name, names)} Use ${names.join(', ')}.`);
  });
}

async function main(): Promise<void> {
  const values = scriptOptions({ only: undefined, again: false, smallest: false, render: false });
  const works = chosen(await readWorks(), values.only);
  // No package of the gallery needs its install script: the binaries are in packages of their own.
  if (!values.render && !existsSync(join(GALLERY, 'node_modules')))
    execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
      cwd: GALLERY,
      stdio: ['ignore', 'ignore', 'inherit'],
      shell: process.platform === 'win32',
    });
  if (values.again) for (const work of works) rmSync(measuredIn(work), { recursive: true, force: true });
  for (const [index, work] of works.entries()) {
    const startedMs = performance.now();
    process.stderr.write(`${index + 1} of ${works.length}: ${work.name}\n`);
    try {
      if (values.render) renderAgain(work);
      else if (values.smallest) trySmallest(work);
      else await measure(work);
    } catch (error) {
      // The others are measured all the same.
      process.stderr.write(`  failed: ${error instanceof Error ? error.message : String(error)}\n`);
      process.exitCode = 1;
    }
    process.stderr.write(`  ${duration(performance.now() - startedMs)}\n`);
  }
  if (!values.smallest) execFileSync(process.execPath, [WRITE_PAGES], { stdio: 'inherit' });
}

await main();
