import { expect, it } from 'vitest';
import { commandText } from '../../dist/src/report/command-text.js';
import { reportResults } from '../support/report-results.js';

const made = reportResults();

it('names what was measured, how, and with which seed', () => {
  expect(commandText(made)).toBe(
    'lanewise run ./w.js --strategy event-loop,worker-threads --baseline event-loop --preset quick --blocks 10 --rounds 1 --min-effect 5% --atomics sync --seed 7',
  );
});

it('tells pool sizes that are not the usual ones', () => {
  expect(commandText({ ...made, options: { ...made.options, poolSizes: [1, 4] } })).toContain(' --pool-size 1,4 ');
});

it('tells the params of one workload, and of several those that were scanned', () => {
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

it('quotes what a shell would read otherwise', () => {
  const [workload] = made.workloads;
  const workloads = workload === undefined ? [] : [{ ...workload, source: "a b'$(x).js" }];
  expect(commandText({ ...made, workloads })).toContain(String.raw`run './a b'\''$(x).js' --strategy`);
});
