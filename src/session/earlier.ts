import { isDeepStrictEqual } from 'node:util';
import { namesOf, requireCommonCells, requireSameMachine } from '../flow/comparable-runs.ts';
import { LanewiseError } from '../model/errors.ts';
import type { FailOn, RunComparison } from '../model/comparison.ts';
import type { Plan } from '../model/plan.ts';
import type { Environment, Results } from '../model/results.ts';
import { optionsOf, spelled } from '../options/table.ts';
import { comparisonDocument } from '../report/comparison-document.ts';
import { dressTerminal } from '../report/dress/terminal.ts';
import type { LoadResults } from '../model/load.ts';
import { compareRuns, compareUnits } from '../stats/compare-runs.ts';
import { comparableLoad } from '../stats/load/comparable-load.ts';
import { comparisonStatus } from './comparison-status.ts';
import { paintFor } from '../report/dress/tones.ts';
import { readLoadResults, readResults } from './read-results.ts';

/** Earlier runs, or load measurements, to compare with. */
export interface Earlier<Saved = Results> {
  /** The last one given, whose seed and batches, or rates, the new one takes. */
  readonly results: Saved;
  /**
   * Refuses values of options that were given and could not be compared in the end, before anything is measured.
   *
   * @throws LanewiseError that names the option
   */
  readonly requireAlike: (given: Given) => void;
  /**
   * Refuses a plan of which nothing was measured before, before anything is measured.
   *
   * @throws LanewiseError with an example of both
   */
  readonly requireCommon: (plan: Pick<Plan, 'groups'>) => void;
  readonly comparedTo: (current: Saved) => ComparedRun;
}

/** The comparison of a run with earlier ones: its text and its exit status. */
export interface ComparedRun {
  readonly text: (asked: { readonly color?: boolean }, stream: NodeJS.WriteStream) => string;
  /** @throws LanewiseError if the runs have nothing in common */
  readonly status: (failOn: FailOn) => number;
}

/**
 * Reads and checks the earlier runs before anything is measured.
 *
 * @param paths of their results, or of their folders
 * @param here this machine; undefined: the runs may come from any machine
 * @throws LanewiseError if one comes from another machine, or cannot be read
 */
export function readEarlier(paths: Paths, here: Environment | undefined): Promise<Earlier> {
  return earlierOf(paths, here, {
    command: 'run',
    read: readResults,
    // Some of several workloads may have been measured so.
    needed: ({ workloads }, { tasks }) => ({ tasks: workloads.find((one) => one.tasks === tasks)?.tasks ?? null }),
    compare: (runs, current) => compareRuns(runs, current, current.options.minEffect),
  });
}

/** The same of load measurements. */
export function readEarlierLoads(paths: Paths, here: Environment | undefined): Promise<Earlier<LoadResults>> {
  return earlierOf(paths, here, {
    command: 'load',
    read: readLoadResults,
    needed: neededOfLoad,
    compare: ([first, ...others], current) => ({
      ...compareUnits(
        [comparableLoad(first), ...others.map(comparableLoad)],
        comparableLoad(current),
        current.options.minEffect,
      ),
      of: 'load',
    }),
  });
}

type Paths = readonly [string, ...string[]];

type Given = Readonly<Record<string, unknown>>;

interface Kind<Saved> {
  readonly command: 'run' | 'load';
  /** Values without which nothing can be compared, by option. */
  readonly needed: (earlier: Saved, given: Given) => Given;
  readonly read: (path: string) => Promise<Saved>;
  readonly compare: (earlier: readonly [Saved, ...Saved[]], current: Saved) => RunComparison;
}

async function earlierOf<
  Saved extends Pick<Results, 'environment'> & {
    readonly cells: readonly { readonly id: string; readonly phase?: 'screening' }[];
  },
>(
  paths: Paths,
  here: Environment | undefined,
  { command, read, needed, compare }: Kind<Saved>,
): Promise<Earlier<Saved>> {
  const [first, ...others] = paths;
  const readHere = async (path: string): Promise<Saved> => {
    const results = await read(path);
    if (here !== undefined) requireSameMachine(path, results.environment, here);
    return results;
  };
  const runs = [await readHere(first), ...(await Promise.all(others.map(readHere)))] as const;
  const results = runs.at(-1) ?? runs[0];
  return {
    results,
    requireAlike: (given) => {
      const earlier = runs.map((run) => needed(run, given));
      const isAlike = (name: string): boolean =>
        earlier.some((one) => one[name] === undefined || isDeepStrictEqual(one[name], given[name]));
      for (const [name, option] of optionsOf(command)) {
        if (given[name] === undefined || isAlike(name)) continue;
        const flag = spelled(name, option);
        throw new LanewiseError(
          'usage',
          `Refused ${flag} with --against: ${namesOf(paths)} had another value, so nothing could be compared. Leave ${flag} out to take that over, or leave out --against.`,
        );
      }
    },
    requireCommon: ({ groups }) => {
      const before = new Set(
        runs.flatMap(({ cells }) => cells.filter(({ phase }) => phase === undefined).map(({ id }) => id)),
      );
      const planned = groups.flatMap(({ cells }) => cells.map(({ id }) => id));
      if (planned.some((id) => before.has(id))) return;
      const [there = 'nothing'] = before;
      throw new LanewiseError(
        'input',
        `${namesOf(paths)} and this run would have no configuration in common (${there} there, ${planned[0] ?? 'nothing'} here): measure the same workloads with the same configurations.`,
      );
    },
    comparedTo: (current) => {
      let comparison: RunComparison | undefined;
      // Computed on demand: the report of the run is written first.
      const compared = (): RunComparison => (comparison ??= compare(runs, current));
      return {
        text: (asked, stream) => dressTerminal(comparisonDocument(compared()), paintFor(asked, stream)),
        status: (failOn) => {
          requireCommonCells(compared(), namesOf(paths), 'this run');
          return comparisonStatus(compared(), failOn);
        },
      };
    },
  };
}

/** As in `askedOf`, which finds it out when all is measured. */
function neededOfLoad({ options, workloads, held }: LoadResults, { objective, rates }: Given): Given {
  const { arrivals, requests, via, connections, maxQueue, giveUpMs, stricterFifo } = options;
  const [workload] = workloads;
  const { objective: judged, rates: measured = [] as readonly number[] } = workload ?? {};
  const isJudgedAlike = (objective as typeof judged)?.quantile === judged?.quantile;
  const areCommon = Array.isArray(rates) && rates.some((rate) => measured.includes(rate as number));
  return {
    arrivals,
    window: requests,
    via,
    connections,
    giveUpMs,
    stricterFifo,
    maxQueue: maxQueue ?? 'none',
    // At a given rate, the latency itself is compared.
    objective: held === undefined && isJudgedAlike ? objective : judged,
    rates: held !== undefined ? 'auto' : areCommon ? rates : measured,
  };
}
