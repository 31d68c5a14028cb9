/**
 * What a run leaves on disk while it is measured, so that another process can go on with it: every sample in `samples.ndjson`
 * as it comes, and how far every group has come in `journal.json`, written anew after each block. A run that was measured
 * to its end leaves no `journal.json`.
 */
import { closeSync, constants, ftruncateSync, rmSync, statSync, writeSync } from 'node:fs';
import { basename, isAbsolute, join, relative, resolve } from 'node:path';
import type { Static } from 'typebox';
import { moved } from '../model/asked-strategy.ts';
import { LanewiseError } from '../model/errors.ts';
import type { BegunRun, GroupSnapshot } from '../model/measured.ts';
import type { Plan } from '../model/plan.ts';
import type { MeasuringEvent, SampleEvent } from '../measure/events.ts';
import type { Environment } from '../model/results.ts';
import { isPackagePath, isPath, parseModulePath } from '../model/module-path.ts';
import type { RunRequest } from '../plan/resolve.ts';
import { modulesNamed } from '../measure/find-modules.ts';
import { checksum, locateModule, moduleChecksum } from '../measure/locate-module.ts';
import { isFolder } from '../system/foreign-file.ts';
import { readVersion, type Beginning } from '../system/surroundings.ts';
import { cannotWrite, openNew, openOwn, PRIVATE, reasonOf, replaceFile } from './folder-files.ts';
import type { journalSchema } from './journal-schema.ts';
import { JOURNAL_FILE, SAMPLES_FILE } from './unfinished.ts';

export type JournalState = Static<typeof journalSchema>;
export type Comparing = JournalState['comparing'];
type PlanFacts = JournalState['plan'];

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
  const facts: PlanFacts = { ...ownFacts(), files: filesNamed(options.request), digest: digestOf(plan) };
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

/** @throws LanewiseError if something has changed since that decides what is measured */
function requireSamePlan(folder: string, { plan: old, groups }: JournalState, current: PlanFacts, plan: Plan): void {
  requireSameFacts(folder, old, current);
  const isOfPlan =
    groups.length === plan.groups.length &&
    plan.groups.every(
      ({ cells, blocks }, index) =>
        groups[index]?.cells.length === cells.length && groups[index].blocks <= blocks.length,
    );
  if (old.digest !== current.digest || !isOfPlan) throw changedSince(folder, 'it had other cells, options or blocks');
}

/** What can be held against the journal before anything of what it names is started. @throws LanewiseError if something is another by now */
export function requireSameFacts(
  folder: string,
  old: Omit<PlanFacts, 'digest'>,
  current: Omit<PlanFacts, 'digest'>,
): void {
  if (old.lanewise !== current.lanewise)
    throw changedSince(folder, `Lanewise was ${old.lanewise} and not ${current.lanewise}`);
  if (old.node !== current.node) throw changedSince(folder, `Node was ${old.node} and not ${current.node}`);
  for (const [index, { source, checksum: now }] of current.files.entries()) {
    const before = old.files[index];
    if (before?.source !== source) throw changedSince(folder, `it did not name ${source}`);
    if (before.checksum !== now) throw changedSince(folder, `${source} was another file`);
  }
  const missing = old.files[current.files.length];
  if (missing !== undefined) throw changedSince(folder, `it named ${missing.source}`);
}

function changedSince(folder: string, change: string): LanewiseError {
  return new LanewiseError(
    'input',
    `Cannot resume the run in ${folder}: when it was started, ${change}, and its blocks would not be of one kind. Start a new run without --resume.`,
  );
}

export function ownFacts(): Pick<PlanFacts, 'lanewise' | 'node'> {
  return { lanewise: readVersion(), node: process.version };
}

/** The files that are started or loaded because a request names them, as they are now. @throws LanewiseError for a module that is missing */
export function filesNamed({
  workloads = [],
  strategies = [],
  nodes = [],
  nodeOptions = [],
}: RunRequest): PlanFacts['files'] {
  const modules = [
    ...workloads.filter(isPath),
    ...strategies.flatMap((one) => (one.kind === 'module' ? modulesNamed(one.path) : [])),
  ].map(locateModule);
  const flags = nodeOptions.flatMap((text) => text.split(/\s+/)).map((flag) => flag.replace(/^-[^=]*=/, ''));
  return [
    ...modules.map(({ ref, source }) => ({ source, checksum: moduleChecksum(ref) })),
    ...[...nodes.filter(isBinaryPath), ...flags].flatMap(stampOf),
  ];
}

/** Binaries are large: when they were written tells one from another. None of what is no file. */
function stampOf(path: string): PlanFacts['files'] {
  try {
    const { size, mtimeMs } = statSync(path);
    return isFolder(path) ? [] : [{ source: basename(path), checksum: `${size} ${mtimeMs}` }];
  } catch {
    return [];
  }
}

/** A name without a folder is one to be found on PATH. */
function isBinaryPath(node: string): boolean {
  return /[/\\]/.test(node);
}

function digestOf({ seed, options, groups, runtimes }: Plan): string {
  const { timeLimitMs: _mayBeAnother, ...kept } = options;
  const planned = groups.map(({ workload: { ref: _path, ...workload }, versions, ...group }) => ({
    ...group,
    workload,
    versions: versions.map(({ source }) => source),
  }));
  return checksum(JSON.stringify([seed, kept, planned, runtimes.map(({ execPath: _where, ...runtime }) => runtime)]));
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
