/** The facts that must be unchanged to resume a run. */
import { statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { modulesNamed } from '../measure/find-modules.ts';
import { checksum, locateModule, moduleChecksum } from '../measure/locate-module.ts';
import { LanewiseError } from '../model/errors.ts';
import { isPath } from '../model/module-path.ts';
import type { Plan } from '../model/plan.ts';
import type { JournaledRequest } from './journal-schema.ts';
import { isFolder } from '../system/foreign-file.ts';
import { readVersion } from '../system/surroundings.ts';
import type { JournalState } from './journal.ts';

type PlanFacts = JournalState['plan'];
type FactsOfRequest = Omit<PlanFacts, 'digest'>;

/** Checks that the plan is unchanged. @throws LanewiseError if anything that decides what is measured has changed */
export function requireSamePlan(
  folder: string,
  { plan: old, groups }: JournalState,
  current: PlanFacts,
  plan: Plan,
): void {
  requireSameFacts(folder, old, current);
  const isOfPlan =
    groups.length === plan.groups.length &&
    plan.groups.every(
      ({ cells, blocks }, index) =>
        groups[index]?.cells.length === cells.length && groups[index].blocks <= blocks.length,
    );
  if (old.digest !== current.digest || !isOfPlan)
    throw changedSince(folder, 'it had other configurations, options or blocks');
}

/**
 * Compares the journal's facts of the files that it names with the files, before any is started. Detects a change, not
 * a forgery.
 *
 * @throws LanewiseError if anything has changed
 */
export function requireSameFacts(folder: string, old: FactsOfRequest, current: FactsOfRequest): void {
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
    `Cannot resume the run in ${folder}: it was started when ${change}. Start a new run without --resume.`,
  );
}

/**
 * Reads the facts that are known before anything in a request is started.
 *
 * @throws LanewiseError for a missing module
 */
export function factsOf(request: JournaledRequest): FactsOfRequest {
  return { lanewise: readVersion(), node: process.version, files: filesNamed(request) };
}

/** Current checksums of the files that a request starts or loads. */
function filesNamed({
  workload = [],
  workloads = workload,
  strategies = [],
  runtimes = [],
  nodeOptions = [],
}: JournaledRequest): PlanFacts['files'] {
  const modules = [
    ...workloads.filter(isPath).map((path) => locateModule(path, 'workload')),
    ...strategies
      .flatMap((one) => (one.kind === 'module' ? modulesNamed(one.path) : []))
      .map((path) => locateModule(path, 'strategy')),
  ];
  const flags = nodeOptions.flatMap((text) => text.split(/\s+/)).map((flag) => flag.replace(/^-[^=]*=/, ''));
  return [
    ...modules.map(({ ref, source }) => ({ source, checksum: moduleChecksum(ref) })),
    ...runtimes.filter(isBinaryPath).flatMap((path) => stampOf(path, resolve(path))),
    ...flags.flatMap((path) => stampOf(path, basename(path))),
  ];
}

/** Size and modification time in place of a checksum, since binaries are large; none for a missing file or a folder. */
function stampOf(path: string, source: string): PlanFacts['files'] {
  try {
    const { size, mtimeMs } = statSync(path);
    return isFolder(path) ? [] : [{ source, checksum: `${size} ${mtimeMs}` }];
  } catch {
    return [];
  }
}

/** Whether it is a path; a name without a folder is looked up on PATH. */
export function isBinaryPath(binary: string): boolean {
  return /[/\\]/.test(binary);
}

/** Digest of a plan: cells, order and options. */
export function digestOf({ seed, options, groups, runtimes }: Plan): string {
  const { timeLimitMs: _mayBeAnother, ...kept } = options;
  const planned = groups.map(
    ({ workload: { ref: _path, taskMs: _ofThisProcess, ...workload }, versions, calibrated: _times, ...group }) => ({
      ...group,
      workload,
      versions: versions.map(({ source }) => source),
    }),
  );
  return checksum(JSON.stringify([seed, kept, planned, runtimes.map(({ execPath: _where, ...runtime }) => runtime)]));
}
