import type { Results } from '../model.ts';
import { evidenceText, timeText } from './evidence-text.ts';
import { percent, plural } from './numbers.ts';

/** Where, when and with how much evidence it was measured, one fact each. */
export function factsOf(results: Results): readonly string[] {
  const { environment, options, startedAt, seed } = results;
  const { cpuModel, cores, os } = environment;
  return [
    cpuModel,
    plural(cores, 'usable core'),
    nodesOf(results),
    os,
    evidenceText(results),
    timeText(results),
    startedAt,
    `margin ${percent(options.minEffect)}`,
    `seed ${seed}`,
  ];
}

/** What was measured on, with the flags it was given. */
function nodesOf({ environment, runtimes = [] }: Results): string {
  if (runtimes.length === 0) return `Node ${environment.node}`;
  const names = runtimes.map(({ node, flags }) => [`Node ${node}`, ...flags].join(' '));
  return names.join(', ');
}
