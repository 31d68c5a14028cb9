/**
 * What a run leaves on disk while it is measured, so that another process can go on with it: every sample in `samples.ndjson`
 * as it comes, and how far every group has come in `journal.json`, written anew after each block. A run that was measured
 * to its end leaves no `journal.json`.
 */
import { closeSync, constants, ftruncateSync, rmSync, writeSync } from 'node:fs';
import { isAbsolute, join, relative, resolve } from 'node:path';
import type { Static } from 'typebox';
import { moved } from '../model/asked-strategy.ts';
import type { BegunRun, GroupSnapshot } from '../model/measured.ts';
import type { Plan } from '../model/plan.ts';
import type { MeasuringEvent, SampleEvent } from '../measure/events.ts';
import type { Environment } from '../model/results.ts';
import { isPackagePath, isPath, parseModulePath } from '../model/module-path.ts';
import type { RunRequest } from '../plan/resolve.ts';
import type { Beginning } from '../system/surroundings.ts';
import { cannotWrite, openNew, openOwn, PRIVATE, reasonOf, replaceFile } from './folder-files.ts';
import type { journalSchema } from './journal-schema.ts';
import { digestOf, factsOf, isBinaryPath, requireSamePlan } from './plan-facts.ts';
import { JOURNAL_FILE, SAMPLES_FILE } from './unfinished.ts';

export type JournalState = Static<typeof journalSchema>;
export type Comparing = JournalState['comparing'];

export interface Journal {
  /** Adds a sample at once, and how far every group has come: what is there survives whatever happens to this process. */
  readonly on: (event: MeasuringEvent) => void;
  /** Everything has been measured, and written elsewhere. */
  readonly complete: () => void;
  readonly close: () => void;
}

export interface JournalOptions {
  readonly folder: string;
  readonly request: RunRequest;
  /** With a path that holds here. */
  readonly comparing: Comparing;
  readonly environment: Environment;
  readonly began: Beginning;
  /** Told once, if the journal cannot be written any more. */
  readonly onLoss: (reason: string) => void;
}

/** A run as its journal tells it. */
export interface BegunJournal {
  readonly state: JournalState;
  /** With paths that hold here. */
  readonly request: RunRequest;
  readonly comparing: Comparing;
  readonly run: BegunRun;
}

/**
 * @throws LanewiseError if the folder cannot be written to, or if the run that it holds had another plan
 */
export function openJournal(plan: Plan, options: JournalOptions, begun?: BegunJournal): Journal {
  const { folder } = options;
  const facts = { ...factsOf(options.request), digest: digestOf(plan) };
  if (begun !== undefined) requireSamePlan(folder, begun.state, facts, plan);
  const samplesPath = join(folder, SAMPLES_FILE);
  const journalPath = join(folder, JOURNAL_FILE);
  let file: number | undefined;
  let bytes = begun?.state.samplesBytes ?? 0;
  const resumedAt = begun === undefined ? [] : [...begun.state.resumedAt, options.began.at];
  try {
    file = begun === undefined ? openNew(samplesPath) : openOwn(samplesPath, constants.O_RDWR);
    // What was measured of a block that was cut off does not count.
    if (begun !== undefined) ftruncateSync(file, bytes);
  } catch (cause) {
    throw cannotWrite(folder, cause);
  }

  const close = (): void => {
    if (file !== undefined) closeSync(file);
    file = undefined;
  };
  /** Without a journal a run can be measured too; it only cannot be gone on with. */
  const orLose = (write: (descriptor: number) => void): void => {
    if (file === undefined) return;
    try {
      write(file);
    } catch (thrown) {
      close();
      options.onLoss(reasonOf(thrown));
    }
  };

  const addSample = ({ cell, sample }: SampleEvent): void =>
    orLose((descriptor) => {
      const line = Buffer.from(`${JSON.stringify({ cell, ...sample })}\n`);
      for (let from = 0; from < line.length;)
        from += writeSync(descriptor, line, from, line.length - from, bytes + from);
      bytes += line.length;
    });
  const save = (groups: readonly GroupSnapshot[]): void =>
    orLose(() => {
      const state: JournalState = {
        schema: 'lanewise/journal@1',
        startedAt: begun?.state.startedAt ?? options.began.at,
        durationMs: (begun?.state.durationMs ?? 0) + options.began.elapsedMs(),
        resumedAt,
        request: portable(options.request, plan, folder),
        comparing: portableComparing(options.comparing, folder),
        environment: options.environment,
        plan: facts,
        samplesBytes: bytes,
        groups,
      };
      replaceFile(journalPath, JSON.stringify(state), PRIVATE);
    });

  return {
    on: (event) => {
      if (event.kind === 'sample') addSample(event);
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

/** With paths that hold wherever the folder and the modules are moved to together. */
function portable(request: RunRequest, { seed, options, groups }: Plan, folder: string): RunRequest {
  const { timeLimitMs: _ofThisProcess, nodes, ...kept } = request;
  const rest = withModules(kept, (name) => moduleFromFolder(folder, name));
  return {
    ...rest,
    ...(nodes !== undefined && { nodes: nodes.map((path) => (isBinaryPath(path) ? resolve(path) : path)) }),
    // A branch may be another commit when the run is resumed.
    ...(options.versusRef !== undefined && { versusCommit: options.versusRef.commit }),
    seed,
    // Measured again, it might come out otherwise, and with it the configurations that are tried.
    kinds: groups.flatMap(({ workload: { source, bound, boundIs } }) =>
      boundIs === 'measured' ? [{ source, bound }] : [],
    ),
  };
}

/** The request with other paths of its modules. */
function withModules(request: RunRequest, toPath: (path: string) => string): RunRequest {
  const { workloads, strategies, baseline } = request;
  return {
    ...request,
    ...(workloads && { workloads: workloads.map((name) => (isPath(name) ? toPath(name) : name)) }),
    ...(strategies && { strategies: strategies.map((asked) => moved(asked, toPath)) }),
    ...(baseline && { baseline: moved(baseline, toPath) }),
  };
}

function portableComparing({ against, ...rest }: Comparing, folder: string): Comparing {
  return against === undefined ? rest : { ...rest, against: fromFolder(folder, against) };
}

/** On Windows there is no way from one drive to another. */
function fromFolder(folder: string, name: string): string {
  const path = relative(folder, resolve(name));
  return isAbsolute(path) ? path : `./${path}`;
}

function moduleFromFolder(folder: string, name: string): string {
  const { path, exportName } = parseModulePath(name);
  return isPackagePath(path) ? name : `${fromFolder(folder, path)}${exportName === undefined ? '' : `#${exportName}`}`;
}

export function here(request: RunRequest, folder: string): RunRequest {
  return withModules(request, (path) => (isPackagePath(parseModulePath(path).path) ? path : resolve(folder, path)));
}
