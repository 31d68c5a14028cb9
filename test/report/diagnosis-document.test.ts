import { describe, expect, it } from 'vitest';
import { diagnosisSentences } from '../../dist/src/report/diagnosis-sentences.js';
import { diagnosisDocument } from '../../dist/src/report/diagnosis-document.js';
import { dressTerminal } from '../../dist/src/report/dress/terminal.js';
import { plainPaint } from '../../dist/src/report/dress/tones.js';
import { diagnosisOf } from '../support/diagnosis.js';

describe('the sentences', () => {
  it('say what can be seen, what can be had and what it costs', () => {
    expect(diagnosisSentences(diagnosisOf())).toEqual([
      'CPU work can use 2 cores here.',
      'Differences under 4.0 % will not be seen here with the standard preset.',
      'Differences under 12 % will not be seen here with the quick preset.',
      '2 plain processes, to which nothing is handed over, do CPU work 1.95 times as fast as one (95 % interval 1.91 to 1.99): no pool of 2 can give more.',
      'To start a pool of one thread takes 41.2 ms, of one process 66.6 ms: work that saves less than that in all is not worth a pool.',
    ]);
  });

  it.each([
    [
      { cores: 2, availableParallelism: 8, cpuQuota: 1.5 },
      "(Node's availableParallelism() says 8), and the control group grants the time of 1.50",
    ],
    [{ physicalCores: 1 }, 'They are on 1 physical core'],
    [{ stealShare: 0.04 }, 'the hypervisor has taken 4 % of the time'],
    [{ throttledMs: 2500 }, 'has waited 2.50 s for its CPU quota'],
    [{ loadAverage: 3 }, 'The load of the last minute is 3.00'],
    [{ governor: 'powersave' }, 'governor is "powersave"'],
    [{ memoryLimitBytes: 2 ** 29 }, 'grants 512 MiB of memory'],
  ])('say what disturbs: %j', (environment, sentence) => {
    expect(diagnosisSentences(diagnosisOf({}, environment)).join('\n')).toContain(sentence);
  });

  it('claim nothing that was not measured', () => {
    const facts = diagnosisOf({ noise: [], ceiling: [], startupMs: { thread: null, process: null } });
    expect(diagnosisSentences(facts)).toEqual(['CPU work can use 2 cores here.']);
    const blind = { ...facts.support, memoryOfTree: false, stealAndThrottling: false, typeStripping: false };
    expect(diagnosisSentences({ ...facts, support: blind }).slice(1)).toEqual([
      'Not measured on this system: the memory of a process tree, steal and throttling.',
      'Node v20.0.0 does not run TypeScript workloads; 22.18 and later do.',
    ]);
  });
});

describe('the table', () => {
  it('shows what is not told as not measured', () => {
    const text = dressTerminal(diagnosisDocument(diagnosisOf({ sentences: ['A sentence.'] })), plainPaint);
    expect(text).toMatch(/governor +not measured/);
    expect(text).toMatch(/CPU quota +none/);
    expect(text).toMatch(/worker-threads +standard 4\.0 %/);
    expect(text).toMatch(/2 +1\.95 \(1\.91–1\.99\)/);
    expect(text).toContain('- A sentence.');
  });
});
