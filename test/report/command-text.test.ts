import { expect, it } from 'vitest';
import type { LoadResults } from '../../dist/src/model/load.js';
import { commandText, loadCommandText } from '../../dist/src/report/command-text.js';
import { loadOf } from '../support/load-results.js';
import { reportResults } from '../support/report-results.js';

const made = reportResults();

it('names what was measured, how, and with which seed', () => {
  expect(commandText(made)).toBe(
    'lanewise run ./w.js --strategy event-loop,worker-threads --baseline event-loop --preset quick --blocks 10 --rounds 1 --min-effect 5% --seed 7 --atomics sync',
  );
});

it('names pool sizes that differ from the defaults', () => {
  expect(commandText({ ...made, options: { ...made.options, poolSizes: [1, 4] } })).toContain(' --pool-size 1,4 ');
});

it('names all params of one workload, and the scanned params of several', () => {
  expect(commandText(reportResults([{ workload: 'a', params: { n: 1 } }]))).toContain(' --param n=1 ');
  const several = [
    { workload: 'a', params: { n: 1, m: 1 } },
    { workload: 'a', params: { n: 2, m: 1 } },
    { workload: 'b', params: { m: 2 } },
  ];
  const text = commandText(reportResults(several));
  expect(text).toContain(' --param n=1,2 ');
  expect(text).not.toContain('m=');
});

it('quotes values that a shell would interpret', () => {
  const [workload] = made.workloads;
  const workloads = workload === undefined ? [] : [{ ...workload, source: "a b'$(x).js" }];
  expect(commandText({ ...made, workloads })).toContain(String.raw`run './a b'\''$(x).js' --strategy`);
});

it.each([
  ['w.js', './w.js'],
  ['w.mts#task', './w.mts#task'],
  ['bcryptjs#hashSync', 'bcryptjs#hashSync'],
  ['some-package/worker.js', 'some-package/worker.js'],
  ['@scope/pkg#fn', '@scope/pkg#fn'],
])('names %s as it is given: %s', (source, given) => {
  const workloads = made.workloads.map((workload) => ({ ...workload, source }));
  expect(commandText({ ...made, workloads }).replaceAll("'", '')).toContain(`lanewise run ${given} `);
});

it('has --verify where it was not the default', () => {
  expect(commandText({ ...made, options: { ...made.options, verify: 'off' } })).toContain(' --verify off');
});

it('is a tune command for the results of tune', () => {
  const goal = { for: 'memory', minThroughput: 0.8, maxMemoryMiB: 512, maxPoolSize: 4 } as const;
  const tuning = {
    choose: null,
    current: 'work/worker-threads@2',
    finalists: [],
    screened: 2,
    durationMs: 1,
    screeningMs: 1,
    leftOut: [],
  };
  const text = commandText({ ...made, tuning, options: { ...made.options, tuning: goal } });
  expect(text).toMatch(
    /^lanewise tune \.\/w\.js --for memory --current worker-threads@2 --min-throughput 80% --max-memory 512MiB --max-pool-size 4 --strategy/,
  );
  expect(text).not.toContain('--baseline');
});

it('repeats --predict', () => {
  const options = { ...made.options, predict: { lanes: [8, 64], cores: 4 } };
  expect(commandText({ ...made, options })).toContain(' --predict 8,64 --predict-cores 4 ');
});

it('is a load command for a load measurement, with the objective and the windows that it had', () => {
  const found = loadOf(20);
  expect(loadCommandText(found)).toBe(
    `lanewise load ./work.js --objective 'p99<=50ms' --rate 40 --arrivals poisson --via in-process --window 400 --strategy event-loop --pool-size 2 --baseline event-loop --preset standard --blocks 12 --min-effect 5% --seed ${found.seed}`,
  );
  const [cell] = found.cells;
  const pool = { ...cell, strategy: 'worker-threads', concurrency: 'all' } as LoadResults['cells'][number];
  const options = {
    ...found.options,
    rates: null,
    via: 'http',
    connections: 'new',
    probePerSecond: 5,
    maxQueue: 'auto',
    giveUpMs: 1000,
    pingObjectiveMs: 20,
    overload: { times: 1.5, pulseMs: 3000 },
    stricterFifo: false,
  } as const;
  const searched = loadCommandText({ ...found, cells: [pool], options });
  expect(searched).toContain(
    ' --via http --connections new --probe 5 --window 400 --max-queue auto --give-up 1000ms --ping-objective 20ms --overload 1.5x:3000ms --no-stricter-fifo ',
  );
  expect(searched).toContain(' --concurrency all ');
  expect(searched).not.toContain('--rate');
});
