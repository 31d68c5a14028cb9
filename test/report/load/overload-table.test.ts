import { describe, expect, it } from 'vitest';
import type { LoadResults } from '../../../dist/src/model/load.js';
import { overloadBlocks } from '../../../dist/src/report/load/overload-table.js';

const CELL = { id: 'work/threads', strategy: 'worker-threads', poolSize: 2, concurrency: 1, status: 'ok' };
const FOUND = {
  cell: CELL.id,
  isHeld: true,
  pulseRate: 150,
  tailMs: 8000,
  growthPerSecond: { measured: 48.75, forecast: 45.85 },
  recoveryMs: { measured: 1833, forecast: 1980 },
  rejectedShare: 0,
  gaveUpShare: 0,
  wastedShare: 0,
  pulses: [{ mostBacklog: 99 }, { mostBacklog: 290 }, { mostBacklog: 104 }],
};

function textOf(given: object): string {
  const results = { options: { overload: { times: 1.5, pulseMs: 2000 } }, cells: [CELL], overload: [FOUND], ...given };
  return JSON.stringify(overloadBlocks(results as unknown as LoadResults));
}

describe('the pulses of a load', () => {
  it('are a row for each configuration, with the forecasts in brackets', () => {
    const text = textOf({});
    expect(text).toContain('1.5 times as many tasks arrived as each configuration holds');
    for (const cell of ['150', '+48.8 (+45.9)', '104', '1.8 s (2.0 s)']) expect(text).toContain(`"text":"${cell}"`);
    expect(text).not.toContain('No pulse counts');
  });

  it('name the capacity where the rates are multiples of it, and a queue that does not recover', () => {
    const recoveryMs = { measured: null, forecast: null };
    const text = textOf({ overload: [{ ...FOUND, isHeld: false, recoveryMs }] });
    expect(text).toContain('as each configuration can do');
    // A second of the 8 s has to follow it.
    expect(text).toContain('> 7.0 s (never)');
  });

  it('have columns of rejected and given-up tasks where there are any', () => {
    expect(textOf({})).not.toContain('rejected');
    expect(textOf({ overload: [{ ...FOUND, rejectedShare: 0.1 }] })).toContain('rejected');
    expect(textOf({ overload: [{ ...FOUND, gaveUpShare: 0.1 }] })).toContain('done in vain');
  });

  it('say for which configuration none counts', () => {
    expect(textOf({ overload: [] })).toContain('No pulse counts for 2 worker threads');
    expect(textOf({ options: {} })).toBe('[]');
    const hopeless = textOf({ overload: [], held: [{ cell: CELL.id, kind: 'none' }] });
    expect(hopeless).toContain('No pulse for 2 worker threads: no rate holds the objective.');
    expect(hopeless).not.toContain('No pulse counts');
  });
});
