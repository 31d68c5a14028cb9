/**
 * Does the scaling model find a known contention, and how far off are its predictions?
 *
 *   npm run evidence:model -- [--preset standard] [--contentions 0.02,0.1,0.3] [--write]
 *
 * Measures tasks that wait longer in larger pools, with a known contention, in pools of 1 to 64 workers; predicts 2
 * workers from 1 for tasks that compute, and 64 from 4 for tasks that wait. `--write` puts the tables into
 * docs/method.md. The exit status is 1 if an interval misses the known contention.
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { markdownTable } from 'markdown-table';
import { shortId } from '../../src/model/cell-id.ts';
import type { Results } from '../../src/model/results.ts';
import { madeBy } from '../docs/made-by.ts';
import { measure } from '../lanewise.ts';
import { writeDocs } from '../docs/write-docs.ts';

const CONTENDED = fileURLToPath(new URL('workloads/contended.js', import.meta.url));
const POOLS = ['-s', 'worker-threads,child-processes', '-c', '1', '--no-upper-bound'];
const CONTENTIONS = '0.02,0.1,0.3';

/** A pool with a known contention, and the fit's estimate. */
export interface Recovered {
  readonly pool: string;
  readonly contention: number;
  readonly found: { readonly estimate: number; readonly lo: number; readonly hi: number };
  readonly fits: boolean;
}

/** A prediction beside the measurement. */
export interface Checked {
  readonly work: string;
  readonly from: string;
  readonly lanes: number;
  readonly predicted: number;
  readonly measured: number;
  readonly error: number;
}

export function recoveredIn({ scaling = [], cells: measured }: Results, contention: number): readonly Recovered[] {
  return scaling.flatMap(({ cells: [first = ''], fit }) =>
    fit === undefined
      ? []
      : [
          {
            pool: measured.find(({ id }) => id === first)?.strategy ?? first,
            contention,
            found: fit.contention,
            fits: fit.lackOfFit.length === 0,
          },
        ],
  );
}

export function checkedIn({ predictions = [], cells }: Results, work: string): readonly Checked[] {
  return predictions.flatMap(({ from, checks }) =>
    checks.map(({ lanes, predicted, measured, error }) => ({
      work,
      from: cells
        .filter(({ id }) => id === from)
        .map(shortId)
        .join(),
      lanes,
      predicted,
      measured,
      error,
    })),
  );
}

export function isHeld({ contention, found }: Recovered): boolean {
  return found.lo <= contention && contention <= found.hi;
}

export function tabulateRecovered(all: readonly Recovered[]): string {
  return markdownTable(
    [
      ['pool', 'contention built in', 'found', '95% CI', 'contains it', 'the model fits'],
      ...all.map((one) => [
        one.pool,
        percent(one.contention),
        percent(one.found.estimate),
        `${percent(one.found.lo)}–${percent(one.found.hi)}`,
        isHeld(one) ? 'yes' : 'no',
        one.fits ? 'yes' : 'no',
      ]),
    ],
    { align: ['l', 'r', 'r', 'r', 'l', 'l'] },
  );
}

export function tabulateChecked(all: readonly Checked[]): string {
  return markdownTable(
    [
      ['work', 'predicted from', 'workers', 'predicted', 'measured', 'error'],
      ...all.map(({ work, from, lanes, predicted, measured, error }) => [
        work,
        from,
        String(lanes),
        predicted.toFixed(2),
        measured.toFixed(2),
        percent(error),
      ]),
    ],
    { align: ['l', 'l', 'r', 'r', 'r', 'r'] },
  );
}

function percent(fraction: number): string {
  return `${(fraction * 100).toFixed(1)}%`;
}

/** @param ms how long a task waits in a pool of one worker */
export function recover(
  contention: number,
  ms: number,
  sizes: string,
  evidence: readonly string[],
): readonly Recovered[] {
  const params = ['--param', `contention=${contention}`, '--param', `ms=${ms}`];
  return recoveredIn(
    measure(['run', CONTENDED, ...params, ...POOLS, '-p', sizes, '-n', '64', ...evidence]),
    contention,
  );
}

function main(): void {
  const { values } = parseArgs({
    options: {
      preset: { type: 'string', default: 'standard' },
      contentions: { type: 'string', default: CONTENTIONS },
      write: { type: 'boolean', default: false },
    },
  });
  const evidence = ['--preset', values.preset];
  const recovered = values.contentions
    .split(',')
    .flatMap((contention) => recover(Number(contention), 40, '1,4,16,64', evidence));
  const checked = [
    ...['0.2', '1', '5', '20'].flatMap((ms) =>
      checkedIn(
        measure(['run', 'compute', '--param', `ms=${ms}`, ...POOLS, '-p', '1,2', '--predict', '2', ...evidence]),
        `compute, ${ms} ms`,
      ),
    ),
    ...checkedIn(
      measure(['run', 'timer', ...POOLS, '-p', '4,64', '-n', '256', '--predict', '64', ...evidence]),
      'timer, 40 ms',
    ),
    ...checkedIn(
      measure(['run', 'http', ...POOLS, '-p', '4,64', '-n', '256', '--predict', '64', ...evidence]),
      'http, 20 ms',
    ),
  ];
  const held = recovered.filter(isHeld).length;
  const text = [
    tabulateRecovered(recovered),
    `${held} of ${recovered.length} CIs contain the contention that was built in.`,
    tabulateChecked(checked),
    madeBy(`npm run evidence:model -- --preset ${values.preset} --contentions ${values.contentions} --write`),
  ].join('\n\n');
  process.stdout.write(`${text}\n`);
  if (values.write) writeDocs('method.md', 'model', text);
  if (held < recovered.length) process.exitCode = 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
