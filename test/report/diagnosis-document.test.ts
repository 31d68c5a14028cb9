import { describe, expect, it } from 'vitest';
import { diagnosisSentences } from '../../dist/src/report/diagnosis-sentences.js';
import { diagnosisDocument } from '../../dist/src/report/diagnosis-document.js';
import { dressTerminal } from '../../dist/src/report/dress/terminal.js';
import { plainPaint } from '../../dist/src/report/dress/tones.js';
import { diagnosisOf } from '../support/diagnosis.js';

describe('the sentences', () => {
  it('name the detectable difference, the upper bound and the startup costs', () => {
    expect(diagnosisSentences(diagnosisOf())).toEqual([
      'CPU-bound work can use 2 CPUs.',
      'Preset standard: differences under 4.0% cannot be detected here.',
      'Preset quick: differences under 12% cannot be detected here.',
      'Upper bound: 2 independent processes, no messaging, are 1.95× as fast as one (95% CI 1.91–1.99); a pool of 2 is not expected to exceed it.',
      'Startup of a pool of one: 41.2 ms for a thread, 66.6 ms for a process. Work that saves less in total does not need a pool.',
    ]);
  });

  it.each([
    [
      { cores: 2, availableParallelism: 8, cpuQuota: 1.5 },
      '(availableParallelism() is 8); the CPU limit (cgroup) is 1.50',
    ],
    [{ physicalCores: 1 }, 'They share 1 physical core'],
    [{ stealShare: 0.04 }, 'the hypervisor took 4% of the busy CPU time'],
    [{ throttledMs: 2500 }, 'Throttling so far: 2.50 s'],
    [{ governor: 'powersave' }, 'CPU governor: "powersave".'],
    [{ memoryLimitBytes: 2 ** 29 }, 'Memory limit (cgroup): 512 MiB.'],
  ])('say what disturbs: %j', (environment, sentence) => {
    expect(diagnosisSentences(diagnosisOf({}, environment)).join('\n')).toContain(sentence);
  });

  it('call a machine one of one CPU only if it has one, not if no more was measured', () => {
    const upperBound = [{ lanes: 1, speedup: { estimate: 1, lo: 1, hi: 1 } }];
    const said = (cores: number): string => diagnosisSentences(diagnosisOf({ upperBound }, { cores })).join('\n');
    expect(said(1)).toContain('One CPU: no pool can speed up CPU-bound work here.');
    expect(said(2)).not.toContain('One CPU');
  });

  it('say how many CPUs other programs left free, whatever the load average was', () => {
    const said = (freeCpus: number | null): string =>
      diagnosisSentences(diagnosisOf({ freeCpus }, { loadAverage: 9 })).join('\n');
    expect(said(0.7)).toContain('Other programs left 0.70 of 2 CPUs free');
    expect(said(0.7)).toContain('(95% CI 1.91–1.99); beside other programs, which may hold it down.');
    expect(said(1.8)).not.toContain('Other programs');
    expect(said(null)).not.toContain('Other programs');
  });

  it('say nothing about values that were not measured', () => {
    const facts = diagnosisOf({ noise: [], upperBound: [], startupMs: { thread: null, process: null } });
    expect(diagnosisSentences(facts)).toEqual(['CPU-bound work can use 2 CPUs.']);
    const blind = { ...facts.support, memoryOfTree: false, stealAndThrottling: false, typeStripping: false };
    expect(diagnosisSentences({ ...facts, support: blind }).slice(1)).toEqual([
      'Not measured on this system: the memory of a process tree, steal and throttling.',
      'TypeScript workloads need Node 22.18 or later, or tsx; this is v20.0.0.',
    ]);
  });
});

describe('the table', () => {
  it('shows unknown values as not measured', () => {
    const text = dressTerminal(diagnosisDocument(diagnosisOf({ sentences: ['A sentence.'] })), plainPaint);
    expect(text).toMatch(/governor +not measured/);
    expect(text).toMatch(/CPU quota +none/);
    expect(text).toMatch(/worker-threads +standard 4\.0%/);
    expect(text).toMatch(/2 processes +1\.95× \(95% CI 1\.91–1\.99\)/);
    expect(text).toContain('- A sentence.');
  });
});
