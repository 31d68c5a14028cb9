/** What must be the same for a run to be gone on with. */
import { statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { modulesNamed } from '../measure/find-modules.ts';
import { checksum, locateModule, moduleChecksum } from '../measure/locate-module.ts';
import { LanewiseError } from '../model/errors.ts';
import { isPath } from '../model/module-path.ts';
import type { Plan } from '../model/plan.ts';
import type { RunRequest } from '../plan/resolve.ts';
import { isFolder } from '../system/foreign-file.ts';
import { readVersion } from '../system/surroundings.ts';
import type { JournalState } from './journal.ts';

type PlanFacts = JournalState['plan'];
type FactsOfRequest = Omit<PlanFacts, 'digest'>;

/** @throws LanewiseError if something has changed since that decides what is measured */
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
  if (old.digest !== current.digest || !isOfPlan) throw changedSince(folder, 'it had other cells, options or blocks');
}

/** What the journal tells of the files that it names, held against them before any is started: it shows a change, and no forgery. @throws LanewiseError if something is another by now */
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

/** What is known before anything that a request names is started. @throws LanewiseError for a module that is missing */
export function factsOf(request: RunRequest): FactsOfRequest {
  return { lanewise: readVersion(), node: process.version, files: filesNamed(request) };
}

/** The files that are started or loaded because a request names them, as they are now. */
function filesNamed({ workloads = [], strategies = [], nodes = [], nodeOptions = [] }: RunRequest): PlanFacts['files'] {
  const modules = [
    ...workloads.filter(isPath),
    ...strategies.flatMap((one) => (one.kind === 'module' ? modulesNamed(one.path) : [])),
  ].map(locateModule);
  const flags = nodeOptions.flatMap((text) => text.split(/\s+/)).map((flag) => flag.replace(/^-[^=]*=/, ''));
  return [
    ...modules.map(({ ref, source }) => ({ source, checksum: moduleChecksum(ref) })),
    ...nodes.filter(isBinaryPath).flatMap((path) => stampOf(path, resolve(path))),
    ...flags.flatMap((path) => stampOf(path, basename(path))),
  ];
}

/** Binaries are large: when they were written tells one from another. None of what is no file. */
function stampOf(path: string, source: string): PlanFacts['files'] {
  try {
    const { size, mtimeMs } = statSync(path);
    return isFolder(path) ? [] : [{ source, checksum: `${size} ${mtimeMs}` }];
  } catch {
    return [];
  }
}

/** A name without a folder is one to be found on PATH. */
export function isBinaryPath(node: string): boolean {
  return /[/\\]/.test(node);
}

/** Of what is planned: cells, order and options. */
export function digestOf({ seed, options, groups, runtimes }: Plan): string {
  const { timeLimitMs: _mayBeAnother, ...kept } = options;
  const planned = groups.map(({ workload: { ref: _path, ...workload }, versions, ...group }) => ({
    ...group,
    workload,
    versions: versions.map(({ source }) => source),
  }));
  return checksum(JSON.stringify([seed, kept, planned, runtimes.map(({ execPath: _where, ...runtime }) => runtime)]));
}
