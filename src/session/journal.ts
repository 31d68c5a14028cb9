/**
 * What a run leaves on disk while it is measured, so that another process can go on with it: every sample in `samples.ndjson`
 * as it comes, and how far every group has come in `journal.json`, written anew after each block. A run that was measured
 * to its end leaves no `journal.json`.
 */
import { closeSync, constants, ftruncateSync, rmSync, writeSync } from 'node:fs';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { moved } from '../model/asked-strategy.ts';
import { LanewiseError } from '../model/errors.ts';
import type { BegunRun, GroupSnapshot } from '../model/measured.ts';
import type { Plan } from '../model/plan.ts';
import type { FailOn } from '../model/comparison.ts';
import type { MeasuringEvent, SampleEvent } from '../measure/events.ts';
import type { Environment } from '../model/results.ts';
import { isPackagePath, isPath, parseModulePath } from '../model/module-path.ts';
import type { RunRequest } from '../plan/resolve.ts';
import { checksum, moduleChecksum } from '../measure/locate-module.ts';
import { readVersion, type Beginning } from '../system/surroundings.ts';
import { cannotWrite, openNew, openOwn, PRIVATE, reasonOf, replaceFile } from './folder-files.ts';
import { JOURNAL_FILE, SAMPLES_FILE } from './unfinished.ts';

/** `journal.json`. */
export interface JournalState {
  readonly schema: 'lanewise/journal@1';
  readonly startedAt: string;
  readonly durationMs: number;
  readonly resumedAt: readonly string[];
  /** As it was asked for, with its seed; paths are relative to the folder of the journal. */
  readonly request: RunRequest;
  readonly comparing: Comparing;
  readonly environment: Environment;
  readonly plan: PlanFacts;
  /** So many bytes of `samples.ndjson` belong to the blocks that are counted. */
  readonly samplesBytes: number;
  readonly groups: readonly GroupSnapshot[];
}

/** What its exit status is to tell of, besides cells that fail. */
export interface Comparing {
  /** The earlier results, as a path from the folder of the journal. */
  readonly against?: string;
  readonly failOn?: FailOn;
}

/** What must be the same for a run to be gone on with. */
interface PlanFacts {
  readonly lanewise: string;
  readonly node: string;
  /** CRC-32 of each module's own file, in the order of the plan; what it imports is not looked at. */
  readonly modules: readonly { readonly source: string; readonly checksum: string }[];
  /** Of cells, order and options. */
  readonly digest: string;
}

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
  const facts = factsOf(plan);
  if (begun !== undefined) requireSamePlan(folder, begun.state.plan, facts);
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

/** @throws LanewiseError if something has changed since that decides what is measured */
function requireSamePlan(folder: string, old: PlanFacts, current: PlanFacts): void {
  const changes: (string | undefined)[] = [
    differ('Lanewise was', old.lanewise, current.lanewise),
    differ('Node was', old.node, current.node),
    ...current.modules.map(({ source, checksum: now }, index) =>
      old.modules[index]?.checksum === now ? undefined : `${source} was another file`,
    ),
    old.digest === current.digest ? undefined : 'it had other cells, options or blocks',
  ];
  const change = changes.find((text) => text !== undefined);
  if (change === undefined) return;
  throw new LanewiseError(
    'input',
    `Cannot resume the run in ${folder}: when it was started, ${change}, and its blocks would not be of one kind. Start a new run without --resume.`,
  );
}

function differ(what: string, old: string, current: string): string | undefined {
  return old === current ? undefined : `${what} ${old} and not ${current}`;
}

function factsOf({ seed, options, groups, runtimes, ownStrategies }: Plan): PlanFacts {
  const { timeLimitMs: _mayBeAnother, ...kept } = options;
  const planned = groups.map(({ workload: { ref: _path, ...workload }, versions, ...group }) => ({
    ...group,
    workload,
    versions: versions.map(({ source }) => source),
  }));
  const modules = [
    ...groups.flatMap(({ versions }) => versions).map(({ ref: { url }, source }) => ({ url, source })),
    ...ownStrategies.map(({ ref: { url }, name }) => ({ url, source: name })),
  ];
  return {
    lanewise: readVersion(),
    node: process.version,
    modules: modules.map(({ url, source }) => ({ source, checksum: moduleChecksum({ url }) })),
    digest: checksum(
      JSON.stringify([seed, kept, planned, runtimes.map(({ execPath: _where, ...runtime }) => runtime)]),
    ),
  };
}

/** With paths that hold wherever the folder and the modules are moved to together. */
function portable(request: RunRequest, { seed, options, groups }: Plan, folder: string): RunRequest {
  const { timeLimitMs: _ofThisProcess, nodes, ...kept } = request;
  const rest = withModules(kept, (name) => moduleFromFolder(folder, name));
  return {
    ...rest,
    // A name without a folder is one to be found on PATH.
    ...(nodes !== undefined && { nodes: nodes.map((path) => (/[/\\]/.test(path) ? resolve(path) : path)) }),
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
