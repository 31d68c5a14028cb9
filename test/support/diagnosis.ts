import type { Diagnosis } from '../../dist/src/model/diagnosis.js';
import { resultsOf } from './results.js';

/** What `doctor` found on a machine with two cores. */
export function diagnosisOf(
  given: Partial<Diagnosis> = {},
  environment: Partial<Diagnosis['environment']> = {},
): Diagnosis {
  return {
    schema: 'lanewise/doctor@1',
    environment: { ...resultsOf().environment, ...environment },
    timer: { clockStepNs: 40, oneMsTimerMs: 1.12 },
    support: {
      typeStripping: true,
      threadCpuUsage: true,
      contextSwitches: true,
      memoryOfTree: true,
      stealAndThrottling: true,
    },
    freeCpus: null,
    noise: [
      { strategy: 'event-loop', preset: 'standard', halfWidthPct: 3.14 },
      { strategy: 'worker-threads', preset: 'standard', halfWidthPct: 4.04 },
      { strategy: 'event-loop', preset: 'quick', halfWidthPct: 12.3 },
    ],
    upperBound: [
      { lanes: 1, speedup: { estimate: 1, lo: 1, hi: 1 } },
      { lanes: 2, speedup: { estimate: 1.953, lo: 1.91, hi: 1.99 } },
    ],
    startupMs: { thread: 41.2, process: 66.6 },
    sentences: [],
    ...given,
  };
}
