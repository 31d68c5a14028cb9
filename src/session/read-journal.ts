import { join, resolve } from 'node:path';
import { Compile } from 'typebox/compile';
import { differenceOfMachines } from '../flow/comparable-runs.ts';
import { LanewiseError } from '../model/errors.ts';
import type { Environment, Sample } from '../model/results.ts';
import { MOST_BLOCKS, MOST_ROUNDS } from '../model/evidence.ts';
import { sample } from '../model/schema/sample.ts';
import { isObject, isText } from '../options/option.ts';
import { checkValues } from '../options/values.ts';
import type { RunRequest } from '../plan/resolve.ts';
import { inheritedDifferences } from '../stats/run-differences.ts';
import { parseJson, readForeign } from '../system/foreign-file.ts';
import { here, type BegunJournal, type JournalState } from './journal.ts';
import { journalSchema } from './journal-schema.ts';
import { factsOf, requireSameFacts } from './plan-facts.ts';
import { requireHosts, requireOurs } from './trusted-journal.ts';
import { JOURNAL_FILE, SAMPLES_FILE } from './unfinished.ts';

const journal = Compile(journalSchema);
const sampleLine = Compile(sample);

/**
 * Reads the journal of an unfinished run; starts and loads nothing that it names. Even so the folder decides what runs
 * next: it contains the request and the checksums, so whoever can write both can name other files.
 *
 * @param nodeOptions flags of Node that the user has given again
 * @throws LanewiseError if the run cannot be resumed
 */
export function readJournal(folder: string, current: Environment, nodeOptions?: readonly string[]): BegunJournal {
  requireOurs(folder);
  const state = readState(folder);
  requireSameMachine(folder, state.environment, current);
  const request = here(checked(state.request), folder);
  requireHosts(folder, request, nodeOptions);
  requireSameFacts(folder, state.plan, factsOf(request));
  const samples = readSamples(folder, state);
  const { startedAt, durationMs, resumedAt, comparing } = state;
  return {
    state,
    request,
    comparing: {
      ...comparing,
      ...(comparing.against !== undefined && { against: comparing.against.map((path) => resolve(folder, path)) }),
    },
    run: { startedAt, durationMs, resumedAt, groups: state.groups.map((group) => ({ ...group, samples })) },
  };
}

function requireSameMachine(folder: string, old: Environment, current: Environment): void {
  const machine = differenceOfMachines(old, current);
  if (machine !== undefined) {
    throw new LanewiseError(
      'input',
      `Cannot resume the run in ${folder} here: it was started on another machine (${machine}).`,
    );
  }
  const [difference] = inheritedDifferences(old, current);
  if (difference !== undefined) {
    const [was, is] = [difference.old ?? 'not set', difference.new ?? 'not set'];
    throw new LanewiseError(
      'input',
      `Cannot resume the run in ${folder}: ${difference.what} was ${was} when it started and is ${is} now. Restore it, or start a new run.`,
    );
  }
}

/** Checks the request like that of any other file: somebody may have edited it. */
function checked({ upperBoundLanes, batches, kinds, versusCommit, ...asked }: RunRequest): RunRequest {
  return {
    ...checkValues('run', asked, { where: JOURNAL_FILE, in: 'code' }),
    ...(upperBoundLanes && { upperBoundLanes }),
    ...(batches && { batches }),
    ...(kinds && { kinds }),
    ...(versusCommit !== undefined && { versusCommit }),
  };
}

function readState(folder: string): JournalState {
  const parsed = parseJson(readForeign(join(folder, JOURNAL_FILE), NO_MORE).toString());
  if ('value' in parsed && journal.Check(parsed.value)) return parsed.value;
  throw damaged(folder, JOURNAL_FILE);
}

const NO_MORE = 'Start a new run without --resume.';

/**
 * Reads the samples of each cell. A block that was measured again replaces its first samples; an incomplete last block
 * does not count.
 */
function readSamples(folder: string, { samplesBytes }: JournalState): ReadonlyMap<string, readonly Sample[]> {
  const bytes = readForeign(join(folder, SAMPLES_FILE), NO_MORE);
  if (bytes.length < samplesBytes) throw damaged(folder, SAMPLES_FILE);
  const turns = new Map<string, { readonly cell: string; readonly sample: Sample }>();
  for (const text of bytes.subarray(0, samplesBytes).toString('utf8').split('\n').slice(0, -1)) {
    const { cell, ...found } = parseLine(folder, text);
    const turn = `${found.block} ${found.round} ${cell}`;
    // Samples stay in the order of measurement, so a repeated one moves to the end.
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
  const parsed = parseJson(text);
  if ('value' in parsed && isObject(parsed.value)) {
    const { cell, ...found } = parsed.value;
    const isInRun = sampleLine.Check(found) && found.block < MOST_BLOCKS && found.round < MOST_ROUNDS;
    if (isText(cell) && isInRun) return { cell, ...found };
  }
  throw damaged(folder, SAMPLES_FILE);
}

function damaged(folder: string, file: string): LanewiseError {
  return new LanewiseError(
    'input',
    `Cannot resume the run in ${folder}: ${file} is missing, truncated or not as Lanewise wrote it. Start a new run without --resume.`,
  );
}
