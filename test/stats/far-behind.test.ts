import { expect, it } from 'vitest';
import type { CellLog } from '../../dist/src/model/measured.js';
import { farBehind } from '../../dist/src/stats/far-behind.js';
import { samplesOf } from '../support/results.js';

const logOf = (id: string, wallsMs: readonly number[]): CellLog => ({
  cell: { id, strategy: 'event-loop', poolSize: 1, inFlight: 1 },
  startupMs: [],
  memoryBytes: [],
  hostCopyBytes: [],
  doubts: [],
  samples: samplesOf(wallsMs),
  error: undefined,
});

it('names the cells whose batches take more than so many times as long', () => {
  const logs = [
    logOf('fast', [10, 11, 90]),
    logOf('near', [19, 20, 21]),
    logOf('far', [23, 24, 25]),
    logOf('none', []),
  ];
  expect(farBehind(logs, 2)).toEqual(['far']);
  expect(farBehind(logs, 3)).toEqual([]);
});
