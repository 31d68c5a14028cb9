import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allTargets, fuzz } from '../../../dist/scripts/reliability/fuzz.js';
import type { Reader } from '../../../dist/scripts/reliability/fuzz/rules.js';
import { tabulateFuzz } from '../../../dist/scripts/reliability/fuzz/tabulate.js';
import { target, type Target } from '../../../dist/scripts/reliability/fuzz/target.js';
import { LanewiseError } from '../../../dist/src/model/errors.js';
import { useTempFolder } from '../../support/temp-folder.js';

const folder = useTempFolder();

/** Code that does this with numbers from 500, and nothing with others. */
const planted = (reader: Reader, fault: (number: number) => unknown): Target =>
  target(
    'planted',
    fc.nat(1000),
    () => 10,
    async (number, attempt) => {
      await attempt('planted code', reader, () => (number < 500 ? '' : fault(number)));
    },
  );

/** CPU time, since a busy machine is no fault of the code. */
function burnMs(ms: number): void {
  const before = process.cpuUsage();
  for (let spent = 0; spent < ms;) {
    const { user, system } = process.cpuUsage(before);
    spent = (user + system) / 1000;
  }
}

/** For one number only: a smaller one that is as slow need not be looked for. */
function slowOnce(): (number: number) => void {
  let slow: number | undefined;
  return (number) => {
    slow ??= number;
    if (number === slow) burnMs(1200);
  };
}

describe('a planted fault', () => {
  it.each<{ fault: string; reader?: Reader; code: (number: number) => unknown; rule: string }>([
    { fault: 'an error of the code', code: () => (undefined as unknown as { x: number }).x, rule: 'TypeError' },
    { fault: 'a rejection', code: () => Promise.reject(new RangeError('no')), rule: 'RangeError' },
    {
      fault: 'an internal error',
      code: () => {
        throw new LanewiseError('internal', 'Something.');
      },
      rule: 'LanewiseError',
    },
    {
      fault: 'an endless sentence',
      code: () => {
        throw Object.assign(new LanewiseError('usage', ''), { message: 'x'.repeat(100_000) });
      },
      rule: 'an endless sentence',
    },
    { fault: 'an escape for a terminal', code: () => 'a\u001B[31mb', rule: 'an order to a terminal' },
    { fault: 'text that is turned around', code: () => 'a\u202Eb', rule: 'an order to a terminal' },
    { fault: 'an image in a page', reader: 'page', code: () => '<p><img src=x>', rule: 'markup' },
    { fault: 'a second script in a page', reader: 'page', code: () => '<script></script><script>', rule: 'markup' },
    { fault: 'a formula in a table', reader: 'spreadsheet', code: () => 'a,b\r\n"x",=1+1\r\n', rule: 'a formula' },
    { fault: 'a formula after a semicolon', reader: 'spreadsheet', code: () => 'a\r\nx;=1+1\r\n', rule: 'a formula' },
    { fault: 'JSON that is none', reader: 'json', code: () => '{', rule: 'no JSON' },
    {
      fault: 'a changed prototype',
      code: () => Object.defineProperty(Reflect.getPrototypeOf({}), 'polluted', { value: 1, configurable: true }),
      rule: 'changes a prototype',
    },
    { fault: 'code that is slow', code: slowOnce(), rule: 'too slow' },
  ])('is found and can be repeated: $fault', async ({ reader = 'people', code, rule }) => {
    const faulty = planted(reader, code);
    const { findings } = await fuzz([faulty], { minutes: 0, seed: 7, runs: 50 });
    expect(findings).toHaveLength(1);
    const [finding] = findings;
    expect(finding?.fault).toContain(`planted code: ${rule}`);
    const again = await faulty.check(
      { accepted: 0, refused: 0, slowestMs: 0 },
      { seed: 7, path: finding?.path ?? '', runs: 50, timeLimitMs: 60_000, known: new Set() },
    );
    expect(again.finding?.fault).toBe(finding?.fault);
  });

  it('does not hide another one', async () => {
    const two = planted('people', (number) => {
      if (number < 900) throw new TypeError('the usual one');
      throw new RangeError('the rare one');
    });
    const { findings } = await fuzz([two], { minutes: 0.05, seed: 1, runs: 100 });
    expect(findings.map(({ fault }) => fault.split(' ')[2])).toEqual(['TypeError', 'RangeError']);
  });
});

it('an error sentence is not a finding', async () => {
  const refusing = planted('people', () => {
    throw new LanewiseError('usage', 'Invalid number: expected less than 500.');
  });
  const { counts, findings } = await fuzz([refusing], { minutes: 0, seed: 1, runs: 100 });
  expect(findings).toEqual([]);
  expect(counts[0]?.refused).toBeGreaterThan(10);
  expect(counts[0]?.accepted).toBeGreaterThan(10);
});

it('every target gets input that it accepts and input that it refuses', async () => {
  const targets = await allTargets(folder.path);
  // A process for each input takes too long here.
  const here = targets.filter(({ name }) => name !== 'command line');
  const { counts, findings } = await fuzz(here, { minutes: 0, seed: 1, runs: 40, turnMs: 60_000 });
  expect(findings).toEqual([]);
  for (const { target: name, inputs, accepted, refused } of counts) {
    expect({ name, inputs }).toEqual({ name, inputs: 40 });
    expect({ name, isTaken: accepted > 0, isRefused: refused > 0 }).toEqual({ name, isTaken: true, isRefused: true });
  }
});

it('the fuzz table has a row for each target, with its findings', () => {
  const counts = [{ target: 'journal', inputs: 12, accepted: 7, refused: 5, slowestMs: 3.4 }];
  const findings = [{ target: 'journal', seed: 1, path: '3', rule: 'r', fault: 'f' }];
  const table = tabulateFuzz({ counts, findings }, { minutes: 10, seed: 1 });
  expect(table).toContain('`npm run fuzz -- --minutes 10 --seed 1`');
  expect(table).toMatch(/\| journal +\| +12 \| +7 \| +5 \| +3 ms \| +1 \|/);
});
