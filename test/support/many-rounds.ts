import type { RoundsRecord } from '../../dist/scripts/evidence/hour-goals.js';
import type { MeasuredCell } from '../../dist/src/model/results.js';
import { cellOf } from './results.js';

/** A run of 8 blocks of 12 rounds, in which the first three rounds of the pool take so many times as long as the others. */
export function roundsOf(firstRounds: number): RoundsRecord {
  const cells = [100, 50].map((wallMs, cell) => {
    const made = cellOf({ id: `cpu/${cell === 0 ? 'event-loop' : 'worker-threads@2'}`, wallsMs: [wallMs] });
    const samples = Array.from({ length: 8 * 12 }, (_, index) => ({
      ...made.samples[0],
      block: Math.floor(index / 12),
      round: index % 12,
      wallMs: cell === 1 && index % 12 < 3 ? wallMs * firstRounds : wallMs,
    }));
    return { ...made, samples } as MeasuredCell;
  });
  return { kind: 'rounds', key: 'rounds cpu', work: 'cpu', tasks: 4, cells };
}
