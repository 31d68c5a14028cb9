import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { QUEUE_STRATEGY_NAMES, STRATEGY_NAMES, strategiesWith, traitsOf } from '../../dist/src/model/strategies.js';

const ROOT = resolve(import.meta.dirname, '../..');

describe('the table of strategies', () => {
  it('is all that is asked what a strategy is: no other code compares names', () => {
    const files = ['src', 'workers', 'browser'].flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
        .map((file) => join(folder, file).replaceAll('\\', '/'))
        .filter((file) => /\.tsx?$/.test(file) && !file.startsWith('src/lanes/') && file !== 'src/model/strategies.ts'),
    );
    const comparing = files.flatMap((file) =>
      readFileSync(join(ROOT, file), 'utf8')
        .split('\n')
        .flatMap((line, index) => (comparesNames(line) ? [`${file}:${index + 1} ${line.trim()}`] : [])),
    );
    expect(comparing).toEqual([]);
  });

  it.each([
    "if (cell.strategy === 'event-loop') return;",
    "return 'worker-threads' !== strategy;",
    "case 'sequential':",
    "const isPool = ['worker-threads', 'child-processes'].includes(strategy);",
    "strategies.includes('event-loop')",
    "strategy.endsWith('-per-task')",
    "return /thread/.test(strategy) ? 'thread' : 'process';",
    "'child-processes': { color: 'green' },",
  ])('would be found out: %s', (line) => {
    expect(comparesNames(line)).toBe(true);
  });

  it('answers for one of the user’s by what it says of itself', () => {
    expect(traitsOf({ strategy: 'tinypool', laneKind: 'thread' })).toMatchObject({ laneKind: 'thread', lanes: 'pool' });
    expect(traitsOf({ strategy: 'forks', laneKind: 'process', keepsLanes: false })).toMatchObject({
      laneKind: 'process',
      lanes: 'per-task',
      defaultConcurrency: undefined,
    });
    expect(traitsOf({ strategy: 'fibers', laneKind: 'main' })).toMatchObject({ laneKind: 'main', lanes: 'one' });
  });

  it('knows the strategies with a trait in the order of the table', () => {
    expect(strategiesWith(({ lanes }) => lanes === 'pool')).toEqual(['worker-threads', 'child-processes', 'bullmq']);
    expect(strategiesWith(({ needsServer }) => needsServer === true)).toEqual(['bullmq']);
    expect(strategiesWith(({ isTuned }) => isTuned)).toEqual(['event-loop', 'worker-threads', 'child-processes']);
  });

  it('gives no two of them the same mark', () => {
    const names = [...STRATEGY_NAMES, ...QUEUE_STRATEGY_NAMES];
    const marks = names.map((strategy) => JSON.stringify(traitsOf({ strategy }).mark));
    expect(new Set(marks).size).toBe(names.length);
  });
});

/** Whether a line of code asks for a strategy by its name, or by a part of it. */
function comparesNames(line: string): boolean {
  const name = `'(?:${STRATEGY_NAMES.join('|')})'`;
  const compared = [
    String.raw`[=!]==? ${name}`,
    String.raw`${name} [=!]==?`,
    String.raw`case ${name}`,
    String.raw`${name}\]?(?: as const)?\)?\.(?:includes|indexOf|some|has)\(`,
    String.raw`(?:includes|startsWith|endsWith|indexOf|has)\(${name}`,
    String.raw`^\s*${name}:`,
    String.raw`strategy\.(?:includes|startsWith|endsWith|match|search)\(`,
    String.raw`/\.(?:test|exec)\((?:\w+\.)?strategy\)`,
  ];
  return compared.some((pattern) => new RegExp(pattern).test(line));
}
