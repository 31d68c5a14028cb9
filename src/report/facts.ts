import type { Results } from '../model.ts';
import { evidenceText, timeText } from './evidence-text.ts';
import { percent, plural } from './numbers.ts';

/** Where, when and with how much evidence it was measured, one fact each. */
export function factsOf(results: Results): readonly string[] {
  const { environment, options, startedAt, seed } = results;
  const { cpuModel, cores, node, os } = environment;
  return [
    cpuModel,
    plural(cores, 'usable core'),
    `Node ${node}`,
    os,
    evidenceText(results),
    timeText(results),
    startedAt,
    `margin ${percent(options.minEffect)}`,
    `seed ${seed}`,
  ];
}
