import type { LoadResults } from '../../model/load.ts';
import { loadCommandText } from '../command-text.ts';
import { listOf, present, section, type Block, type Facts } from '../document.ts';
import { reproduction } from '../method.ts';
import { confidence, ms, plural, verdictWords } from '../numbers.ts';
import { heldTexts } from './held.ts';
import { lossTexts } from './losses.ts';
import { httpTexts } from './over-http.ts';
import { overloadTexts } from './overload-table.ts';

/** The method, the command to reproduce a load measurement, and the glossary: too long for a terminal. */
export function loadMethod(results: LoadResults): Block {
  return {
    kind: 'details',
    heading: 'How it was measured',
    on: ['markdown', 'page'],
    blocks: [
      listOf(methodLines(results)),
      reproduction('load', loadCommandText(results)),
      section('Glossary', [{ kind: 'facts', facts: GLOSSARY }]),
    ],
  };
}

function methodLines(results: LoadResults): readonly string[] {
  const { options, latencyComparisons } = results;
  const { rounds, minEffect } = options;
  const blocks = measuredBlocks(results);
  const level = latencyComparisons[0]?.speedup;
  return present(
    blocks > 0 &&
      `Every configuration ran in its own process, started afresh for each of ${plural(blocks, 'block')}; in a block it had ${plural(rounds, 'window')} at each rate, in random order${rounds > 1 ? ' and then in the reverse order' : ''}.`,
    windowText(options),
    ...heldTexts(results),
    ...httpTexts(results),
    'Latency counts from when a task was due, whether or not the event loop could accept it then: a loop that is blocked is late, and that counts against what blocks it.',
    'Tasks that failed, or were never submitted since the window ended early, count as missed and not among the latencies.',
    ...lossTexts(options),
    ...overloadTexts(results),
    `Speedup is the latency of the baseline divided by that of the configuration, block by block${level === undefined ? '' : `, each with a ${confidence(level).split(' ')[0] ?? ''} CI, so that all hold together with 95%`}. ${verdictWords(minEffect)}`,
  );
}

/**
 * Whole blocks with windows that count: fewer than planned if it was interrupted, or every configuration has failed. The
 * noise of a block is known when it has ended.
 */
export function measuredBlocks({ cells, noise }: Pick<LoadResults, 'cells' | 'noise'>): number {
  const counted = cells.flatMap(({ windows }) => windows.filter(({ phase }) => phase === undefined));
  const ended = Math.max(0, ...noise.map(({ blocks }) => blocks.length));
  return Math.min(ended, new Set(counted.map(({ block }) => block)).size);
}

function windowText({ requests, settling, leastWindowMs }: LoadResults['options']): string {
  const longer =
    leastWindowMs === undefined
      ? ''
      : ` At rates at which so many take less than ${ms(leastWindowMs)} it has more, of which as large a share does not count.`;
  return `A window is ${plural(requests, 'arrival')}, of which the first ${settling} do not count.${longer} All configurations had the same arrivals and inputs, at each rate stretched alike.`;
}

const GLOSSARY: Facts['facts'] = [
  ['task', 'one call of the workload’s function with one input'],
  ['arrival', 'a task that is due: its time is decided before, whether or not earlier tasks are done'],
  ['latency', 'from when a task was due until its result'],
  ['objective', 'the latency that a quantile of the tasks may not exceed'],
  ['window', 'arrivals at one rate, measured together; the first of them do not count'],
  ['block', 'one repetition: every configuration is started afresh, warmed up, measured in its windows and ended'],
  ['rate held', 'the rate at which the latency just meets the objective, in windows of this size'],
  ['sustained', 'forecast of the rate held in much longer windows, which have the longest queues'],
  [
    'missed',
    'share of the tasks of all windows that took longer than the objective, failed, or had no result; a quantile beside it is that of a typical window, and slow windows miss more',
  ],
  [
    'speedup',
    'rate held divided by that of the baseline; at a given rate, latency of the baseline divided by that of the configuration',
  ],
  ['CI', 'confidence interval: one of a speedup that includes 1 shows no significant difference'],
  ['tied with', 'not shown to hold less by more than the minimum effect'],
  ['ping', 'latency of a request that does no work, beside the tasks: does the server still answer?'],
  ['accepted', 'waiting until the event loop of the server takes the task'],
  ['queued', 'waiting behind other tasks for a worker'],
  ['overloaded', 'tasks piled up in a window, which was ended early'],
  ['driver-limited', 'requests left or were read too late in too many windows: shown, and compared with none'],
];
