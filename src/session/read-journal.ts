import { join, resolve } from 'node:path';
import { Compile } from 'typebox/compile';
import { differenceOfMachines } from '../flow/comparable-runs.ts';
import { LanewiseError } from '../model/errors.ts';
import type { Environment, Sample } from '../model/results.ts';
import { findImpossibleNumber, findWrongSlice } from '../model/contradictions.ts';
import { MOST_BLOCKS, MOST_ROUNDS } from '../model/evidence.ts';
import { sample } from '../model/schema/sample.ts';
import { window } from '../model/schema/window.ts';
import type { Window } from '../model/load.ts';
import type { BegunGroup } from '../model/measured.ts';
import { isObject, isText } from '../options/option.ts';
import { checkValues } from '../options/values.ts';
import { inheritedDifferences } from '../stats/run-differences.ts';
import { parseJson, readForeign } from '../system/foreign-file.ts';
import { here, type BegunJournal, type JournalState } from './journal.ts';
import { journalSchema, type JournaledRequest } from './journal-schema.ts';
import { factsOf, requireSameFacts } from './plan-facts.ts';
import { requireHosts, requireOurs } from './trusted-journal.ts';
import { JOURNAL_FILE, resumeText, SAMPLES_FILE, type ResumableCommand } from './unfinished.ts';

const journal = Compile(journalSchema);
const sampleLine = Compile(sample);
const windowLine = Compile(window);

/**
 * Reads the journal of an unfinished run; starts and loads nothing that it names. Even so the folder decides what runs
 * next: it contains the request and the checksums, so whoever can write both can name other files.
 *
 * @param nodeOptions flags of Node that the user has given again
 * @throws LanewiseError if the run cannot be resumed
 */
export function readJournal(
  folder: string,
  current: Environment,
  command: ResumableCommand,
  nodeOptions?: readonly string[],
): BegunJournal {
  requireOurs(folder);
  const state = readState(folder);
  if ((state.command ?? 'run') !== command)
    throw new LanewiseError('input', `That is of another command. Resume it so: ${resumeText(folder)}`);
  requireSameMachine(folder, state.environment, current);
  const request = here(checked(command, state.request), folder);
  requireHosts(folder, request, nodeOptions);
  requireSameFacts(folder, state.plan, factsOf(request));
  const turns = readTurns(folder, state);
  const { startedAt, durationMs, resumedAt, comparing } = state;
  return {
    state,
    request,
    comparing: {
      ...comparing,
      ...(comparing.against !== undefined && { against: comparing.against.map((path) => resolve(folder, path)) }),
    },
    run: {
      startedAt,
      durationMs,
      resumedAt,
      ...(state.search && { search: state.search }),
      groups: state.groups.map((group) => ({ ...group, ...turns })),
    },
  };
}

function requireSameMachine(folder: string, old: Environment, current: Environment): void {
  const [difference] = inheritedDifferences(old, current);
  if (difference !== undefined) {
    const [was, is] = [difference.old ?? 'not set', difference.new ?? 'not set'];
    throw new LanewiseError(
      'input',
      `Cannot resume the run in ${folder}: ${difference.what} was ${was} when it started and is ${is} now. Restore it, or start a new run.`,
    );
  }
  const machine = differenceOfMachines(old, current);
  if (machine !== undefined) {
    throw new LanewiseError(
      'input',
      `Cannot resume the run in ${folder} here: it was started on another machine (${machine}).`,
    );
  }
}

/** Checks the request like that of any other file: somebody may have edited it. */
function checked(
  command: ResumableCommand,
  { upperBoundLanes, batches, kinds, versusCommit, ...asked }: JournaledRequest,
): JournaledRequest {
  return {
    ...checkValues(command, asked, { where: JOURNAL_FILE, in: 'code' }),
    ...(upperBoundLanes && { upperBoundLanes }),
    ...(batches && { batches }),
    ...(kinds && { kinds }),
    ...(versusCommit !== undefined && { versusCommit }),
  };
}

function readState(folder: string): JournalState {
  const parsed = parseJson(readForeign(join(folder, JOURNAL_FILE), NO_MORE).toString());
  if ('value' in parsed && journal.Check(parsed.value) && isPossible(parsed.value)) return parsed.value;
  throw damaged(folder, JOURNAL_FILE);
}

/** Values in its request are not checked: a param may be any number. */
function isPossible({ durationMs, groups }: JournalState): boolean {
  if (findImpossibleNumber({ durationMs, groups }) !== undefined) return false;
  return groups.every(({ timelines }) => timelines.every(({ slices }) => findWrongSlice(slices) === undefined));
}

const NO_MORE = 'Start a new run without --resume.';

/** A batch or a window, with its cell. */
type Line = ({ readonly sample: Sample } | { readonly window: Window }) & { readonly cell: string };

/**
 * Reads the batches or windows of each cell. A block that was measured again replaces its first ones; an incomplete last
 * block does not count.
 */
function readTurns(
  folder: string,
  { samplesBytes, command }: JournalState,
): Required<Pick<BegunGroup, 'samples' | 'windows'>> {
  const bytes = readForeign(join(folder, SAMPLES_FILE), NO_MORE);
  if (bytes.length < samplesBytes) throw damaged(folder, SAMPLES_FILE);
  const turns = new Map<string, Line>();
  for (const text of bytes.subarray(0, samplesBytes).toString('utf8').split('\n').slice(0, -1)) {
    const line = parseLine(folder, text, command);
    const { block, round, rate = '' } = 'window' in line ? line.window : { ...line.sample, rate: undefined };
    const turn = `${block} ${round} ${rate} ${line.cell}`;
    // Turns stay in the order of measurement, so a repeated one moves to the end.
    turns.delete(turn);
    turns.set(turn, line);
  }
  const [samples, windows] = [new Map<string, Sample[]>(), new Map<string, Window[]>()];
  for (const line of turns.values())
    if ('window' in line) keep(windows, line.cell, line.window);
    else keep(samples, line.cell, line.sample);
  return { samples, windows };
}

function keep<Turn>(byCell: Map<string, Turn[]>, cell: string, turn: Turn): void {
  const ofCell = byCell.get(cell) ?? [];
  ofCell.push(turn);
  byCell.set(cell, ofCell);
}

function parseLine(folder: string, text: string, command: JournalState['command']): Line {
  const parsed = parseJson(text);
  if ('value' in parsed && isObject(parsed.value) && findImpossibleNumber(parsed.value) === undefined) {
    const { cell, ...found } = parsed.value;
    if (isText(cell)) {
      if (command === 'load' && windowLine.Check(found) && isInRun(found)) return { cell, window: found };
      if (command !== 'load' && sampleLine.Check(found) && isInRun(found)) return { cell, sample: found };
    }
  }
  throw damaged(folder, SAMPLES_FILE);
}

function isInRun({ block, round }: Pick<Sample, 'block' | 'round'>): boolean {
  return block < MOST_BLOCKS && round < MOST_ROUNDS;
}

function damaged(folder: string, file: string): LanewiseError {
  return new LanewiseError(
    'input',
    `Cannot resume the run in ${folder}: ${file} is missing, truncated or not as Lanewise wrote it. Start a new run without --resume.`,
  );
}
