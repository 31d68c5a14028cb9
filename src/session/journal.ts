/**
 * The journal of a run, from which another process can resume it: every sample is appended to `samples.ndjson`, and
 * `journal.json`, the progress of every group, is replaced after each block. A complete run leaves no `journal.json`.
 */
import { closeSync, constants, ftruncateSync, rmSync, writeSync } from 'node:fs';
import { isAbsolute, join, relative, resolve } from 'node:path';
import type { Static } from 'typebox';
import { moved } from '../model/asked-strategy.ts';
import type { BegunRun, GroupSnapshot, SearchLog } from '../model/measured.ts';
import type { Plan } from '../model/plan.ts';
import type { MeasuringEvent, SampleEvent, WindowEvent } from '../measure/events.ts';
import type { Environment } from '../model/results.ts';
import { isPackagePath, isPath, parseModulePath } from '../model/module-path.ts';
import type { Beginning } from '../system/surroundings.ts';
import { cannotWrite, openNew, openOwn, PRIVATE, reasonOf, replaceFile } from './folder-files.ts';
import type { JournaledRequest, journalSchema } from './journal-schema.ts';
import { digestOf, factsOf, isBinaryPath, requireSamePlan } from './plan-facts.ts';
import { JOURNAL_FILE, SAMPLES_FILE, type ResumableCommand } from './unfinished.ts';

export type JournalState = Static<typeof journalSchema>;
export type Comparing = JournalState['comparing'];

export interface Journal {
  /** Writes samples and progress at once, so that they survive any end of this process. */
  readonly on: (event: MeasuringEvent) => void;
  /** Removes `journal.json`: everything has been measured and written elsewhere. */
  readonly complete: () => void;
  readonly close: () => void;
}

export interface JournalOptions {
  readonly folder: string;
  readonly command: ResumableCommand;
  readonly request: JournaledRequest;
  /** With a path relative to the working folder. */
  readonly comparing: Comparing;
  readonly environment: Environment;
  readonly began: Beginning;
  readonly search?: readonly SearchLog[] | undefined;
  /** Called once, when the journal can no longer be written. */
  readonly onLoss: (reason: string) => void;
}

/** An unfinished run, read from its journal. */
export interface BegunJournal {
  readonly state: JournalState;
  /** With absolute paths. */
  readonly request: JournaledRequest;
  readonly comparing: Comparing;
  readonly run: BegunRun;
}

/**
 * Opens the journal of a new or resumed run.
 *
 * @throws LanewiseError if the unfinished run in the folder cannot be opened, or had another plan; a new run notes what
 *   it cannot write, and goes on
 */
export function openJournal(plan: Plan, options: JournalOptions, begun?: BegunJournal): Journal {
  const { folder } = options;
  const facts = { ...factsOf(options.request), digest: digestOf(plan) };
  if (begun !== undefined) requireSamePlan(folder, begun.state, facts, plan);
  const samplesPath = join(folder, SAMPLES_FILE);
  const journalPath = join(folder, JOURNAL_FILE);
  // A new run empties the samples of an earlier one only when it has something to write.
  let file = begun === undefined ? undefined : openBegun(folder, samplesPath, begun.state.samplesBytes);
  let isClosed = false;
  let bytes = begun?.state.samplesBytes ?? 0;
  const resumedAt = begun === undefined ? [] : [...begun.state.resumedAt, options.began.at];

  const close = (): void => {
    if (file !== undefined && !isClosed) closeSync(file);
    isClosed = true;
  };
  /** Runs a write; if it fails, the run continues without a journal and cannot be resumed. */
  const disableOnError = (write: (descriptor: number) => void): void => {
    if (isClosed) return;
    try {
      file ??= openNew(samplesPath);
      write(file);
    } catch (thrown) {
      close();
      options.onLoss(reasonOf(thrown));
    }
  };

  const addTurn = (cell: string, turn: SampleEvent['sample'] | WindowEvent['window']): void =>
    disableOnError((descriptor) => {
      const line = Buffer.from(`${JSON.stringify({ cell, ...turn })}\n`);
      for (let from = 0; from < line.length;)
        from += writeSync(descriptor, line, from, line.length - from, bytes + from);
      bytes += line.length;
    });
  const save = (groups: readonly GroupSnapshot[]): void =>
    disableOnError(() => {
      const state: JournalState = {
        schema: 'lanewise/journal@1',
        ...(options.command === 'load' && { command: 'load' }),
        startedAt: begun?.state.startedAt ?? options.began.at,
        durationMs: (begun?.state.durationMs ?? 0) + options.began.elapsedMs(),
        resumedAt,
        request: portable(options.request, plan, folder),
        comparing: portableComparing(options.comparing, folder),
        environment: options.environment,
        plan: facts,
        samplesBytes: bytes,
        ...(options.search && { search: [...options.search] }),
        groups,
      };
      replaceFile(journalPath, JSON.stringify(state), PRIVATE);
    });

  return {
    on: (event) => {
      if (event.kind === 'sample') addTurn(event.cell, event.sample);
      if (event.kind === 'window') addTurn(event.cell, event.window);
      if (event.kind === 'saved') save(event.groups);
    },
    complete: () => {
      try {
        rmSync(journalPath, { force: true });
      } catch (thrown) {
        options.onLoss(reasonOf(thrown));
      }
    },
    close,
  };
}

/** Opens the samples of an unfinished run; those of its interrupted block do not count. */
function openBegun(folder: string, samplesPath: string, bytes: number): number {
  try {
    const file = openOwn(samplesPath, constants.O_RDWR);
    ftruncateSync(file, bytes);
    return file;
  } catch (cause) {
    throw cannotWrite(folder, cause);
  }
}

/** The request with paths that stay valid if the folder and the modules are moved together. */
function portable(request: JournaledRequest, { seed, options, groups }: Plan, folder: string): JournaledRequest {
  const { timeLimitMs: _ofThisProcess, queueUrl: _secret, runtimes, ...kept } = request;
  const rest = withModules(kept, (name) => moduleFromFolder(folder, name));
  return {
    ...rest,
    ...(runtimes !== undefined && { runtimes: runtimes.map((path) => (isBinaryPath(path) ? resolve(path) : path)) }),
    // A branch may be another commit when the run is resumed.
    ...(options.versusRef !== undefined && { versusCommit: options.versusRef.commit }),
    seed,
    // Measuring it again could change it, and with it the configurations.
    kinds: groups.flatMap(({ workload: { source, bound, boundIs, tasks, tasksAreFixed, claims }, load }) =>
      boundIs === 'claimed' && claims.tasks !== undefined
        ? []
        : [
            {
              source,
              bound: boundIs === 'unknown' ? boundIs : bound,
              ...((load !== undefined || !tasksAreFixed) && { tasks }),
            },
          ],
    ),
  };
}

/** Maps the paths of the request's modules. */
function withModules(request: JournaledRequest, toPath: (path: string) => string): JournaledRequest {
  const { workloads, workload, strategies, baseline } = request;
  const toName = (name: string): string => (isPath(name) ? toPath(name) : name);
  return {
    ...request,
    ...(workload && { workload: workload.map(toName) }),
    ...(workloads && { workloads: workloads.map(toName) }),
    ...(strategies && { strategies: strategies.map((asked) => moved(asked, toPath)) }),
    ...(baseline && { baseline: moved(baseline, toPath) }),
  };
}

function portableComparing({ against, ...rest }: Comparing, folder: string): Comparing {
  return against === undefined ? rest : { ...rest, against: against.map((path) => fromFolder(folder, path)) };
}

/** Path from a folder; absolute on another drive of Windows, which no relative path reaches. */
function fromFolder(folder: string, name: string): string {
  const path = relative(folder, resolve(name));
  return isAbsolute(path) ? path : `./${path}`;
}

function moduleFromFolder(folder: string, name: string): string {
  const { path, exportName } = parseModulePath(name);
  return isPackagePath(path) ? name : `${fromFolder(folder, path)}${exportName === undefined ? '' : `#${exportName}`}`;
}

/** Resolves the paths of a request in a journal from the journal's folder. */
export function here(request: JournaledRequest, folder: string): JournaledRequest {
  return withModules(request, (path) => (isPackagePath(parseModulePath(path).path) ? path : resolve(folder, path)));
}
