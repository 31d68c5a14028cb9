import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { differenceOfMachines } from '../flow/comparable-runs.ts';
import { LanewiseError } from '../model/errors.ts';
import type { Environment, Sample } from '../model/results.ts';
import { digests, doubts } from '../model/schema/host-reply.ts';
import { taskError } from '../model/schema/cell.ts';
import { ceilingSample } from '../model/schema/conclusions.ts';
import { sample, timeline } from '../model/schema/sample.ts';
import { blockNoise, environment } from '../model/schema/machine.ts';
import { inheritedDifferences } from '../stats/compare-runs.ts';
import { warning } from '../model/schema/warning.ts';
import { checkValues } from '../options/values.ts';
import type { RunRequest } from '../plan/resolve.ts';
import { JOURNAL_FILE, SAMPLES_FILE } from './unfinished.ts';
import { here, type BegunJournal, type JournalState } from './journal.ts';

const numbers = Type.Array(Type.Number());
const count = Type.Integer({ minimum: 0 });
const texts = Type.Array(Type.String());
const snapshot = Type.Object({
  tasks: Type.Integer({ minimum: 1 }),
  blockMs: Type.Number(),
  blocks: count,
  cells: Type.Array(
    Type.Object({
      startupMs: numbers,
      memoryBytes: numbers,
      hostCopyBytes: numbers,
      doubts,
      error: Type.Optional(taskError),
    }),
  ),
  reference: Type.Union([Type.Null(), Type.Object({ cell: Type.String(), digests })]),
  hit: Type.Array(count),
  noise: Type.Array(blockNoise),
  discarded: Type.Array(blockNoise),
  ceilings: Type.Array(Type.Object({ lanes: count, samples: Type.Array(ceilingSample) })),
  timelines: Type.Array(timeline),
  warnings: Type.Array(warning),
  leftBehind: count,
  isDone: Type.Boolean(),
});
const journal = Compile(
  Type.Object({
    schema: Type.Literal('lanewise/journal@1'),
    startedAt: Type.String(),
    durationMs: Type.Number(),
    resumedAt: texts,
    request: Type.Record(Type.String(), Type.Unknown()),
    comparing: Type.Object({
      against: Type.Optional(Type.String()),
      failOn: Type.Optional(Type.Union([Type.Number(), Type.Literal('never')])),
    }),
    environment,
    plan: Type.Object({
      lanewise: Type.String(),
      node: Type.String(),
      modules: Type.Array(Type.Object({ source: Type.String(), checksum: Type.String() })),
      digest: Type.String(),
    }),
    samplesBytes: count,
    groups: Type.Array(snapshot),
  }),
);
const sampleLine = Compile(sample);

/** What an earlier run has left in its folder. @throws LanewiseError if that cannot be gone on with */
export function readJournal(folder: string, current: Environment): BegunJournal {
  const state = readState(folder);
  const machine = differenceOfMachines(state.environment, current);
  if (machine !== undefined) {
    throw new LanewiseError(
      'input',
      `Cannot resume the run in ${folder} here: it was started on another machine (${machine}).`,
    );
  }
  const [difference] = inheritedDifferences(state.environment, current);
  if (difference !== undefined) {
    const [was, is] = [difference.old ?? 'not set', difference.new ?? 'not set'];
    throw new LanewiseError(
      'input',
      `Cannot resume the run in ${folder}: ${difference.what} was ${was} when it began and is ${is} now. Set it as it was, or start a new run.`,
    );
  }
  const samples = readSamples(folder, state);
  const { startedAt, durationMs, resumedAt, comparing } = state;
  return {
    state,
    request: here(checked(state.request), folder),
    comparing: {
      ...comparing,
      ...(comparing.against !== undefined && { against: resolve(folder, comparing.against) }),
    },
    run: { startedAt, durationMs, resumedAt, groups: state.groups.map((group) => ({ ...group, samples })) },
  };
}

/** What is asked for, as of any other file: somebody may have changed it. */
function checked({ ceilingLanes, batches, kinds, versusCommit, ...asked }: RunRequest): RunRequest {
  return {
    ...checkValues('run', asked, { where: JOURNAL_FILE, in: 'code' }),
    ...(ceilingLanes && { ceilingLanes }),
    ...(batches && { batches }),
    ...(kinds && { kinds }),
    ...(versusCommit !== undefined && { versusCommit }),
  };
}

function readState(folder: string): JournalState {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(join(folder, JOURNAL_FILE), 'utf8'));
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR')
      throw new LanewiseError(
        'input',
        `There is no unfinished run in ${folder}: --resume takes the report folder of a run that was interrupted or killed.`,
        { cause },
      );
  }
  // The schema is that of the type, written a second time: what it lets through is checked again where it is used.
  if (journal.Check(value)) return value as JournalState;
  throw damaged(folder, JOURNAL_FILE);
}

/** By cell. Of a block that was measured again, the second time counts; what comes after the last whole block does not. */
function readSamples(folder: string, { samplesBytes }: JournalState): ReadonlyMap<string, readonly Sample[]> {
  let bytes: Buffer;
  try {
    bytes = readFileSync(join(folder, SAMPLES_FILE));
  } catch {
    throw damaged(folder, SAMPLES_FILE);
  }
  if (bytes.length < samplesBytes) throw damaged(folder, SAMPLES_FILE);
  const turns = new Map<string, { readonly cell: string; readonly sample: Sample }>();
  for (const text of bytes.subarray(0, samplesBytes).toString('utf8').split('\n').slice(0, -1)) {
    const { cell, ...found } = parseLine(folder, text);
    const turn = `${found.block} ${found.round} ${cell}`;
    // Later lines go to the end, as they were measured.
    turns.delete(turn);
    turns.set(turn, { cell, sample: found });
  }
  const samples = new Map<string, Sample[]>();
  for (const { cell, sample: found } of turns.values()) {
    const ofCell = samples.get(cell) ?? [];
    ofCell.push(found);
    samples.set(cell, ofCell);
  }
  return samples;
}

function parseLine(folder: string, text: string): Sample & { readonly cell: string } {
  try {
    const { cell, ...found } = JSON.parse(text) as { readonly cell: unknown };
    if (typeof cell === 'string' && sampleLine.Check(found)) return { cell, ...found };
  } catch {
    // Told below.
  }
  throw damaged(folder, SAMPLES_FILE);
}

function damaged(folder: string, file: string): LanewiseError {
  return new LanewiseError(
    'input',
    `Cannot resume the run in ${folder}: ${file} is missing, was cut off or is not as Lanewise wrote it. Start a new run without --resume.`,
  );
}
