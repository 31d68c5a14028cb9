import { readSupport, readTimer } from '../measure/environment.ts';
import type { Diagnosis } from '../model/diagnosis.ts';
import { byName } from '../model/asked-strategy.ts';
import { LanewiseError } from '../model/errors.ts';
import type { Environment, Results } from '../model/results.ts';
import type { RunRequest } from '../plan/resolve.ts';
import { PRESETS } from '../model/evidence.ts';
import { diagnosisSentences } from '../report/diagnosis-sentences.ts';
import { freeCpusOf, upperBoundPoints, noiseFloors } from '../stats/diagnose.ts';

/** Request of an examination. */
export interface DoctorRequest {
  /** Only read the facts of the machine, and measure nothing. */
  readonly factsOnly: boolean;
  readonly seed?: number;
}

type Facts = Pick<Diagnosis, 'environment' | 'timer' | 'support'>;

export async function readFacts(environment: Environment): Promise<Facts> {
  return { environment, timer: await readTimer(), support: readSupport(environment) };
}

/** Runs of an examination: twins and independent processes, then the startup of a thread and of a process. */
export function examinations({ seed }: DoctorRequest, cores: number): Readonly<Record<'twins' | 'starts', RunRequest>> {
  const seeded = seed === undefined ? {} : { seed };
  return {
    twins: {
      workloads: ['primes'],
      strategies: byName('event-loop', 'event-loop', 'worker-threads', 'worker-threads'),
      poolSizes: [{ perCore: 1 }],
      preset: 'standard',
      rounds: PRESETS.rigorous.rounds,
      upperBoundLanes: lanesUpTo(cores),
      ...seeded,
    },
    starts: {
      workloads: ['noop'],
      strategies: byName('worker-threads', 'child-processes'),
      poolSizes: [1],
      tasks: 1,
      preset: 'quick',
      upperBoundLanes: [],
      ...seeded,
    },
  };
}

/** Powers of two, and the number of CPUs itself. */
function lanesUpTo(cores: number): readonly number[] {
  const lanes: number[] = [];
  for (let count = 1; count < cores; count *= 2) lanes.push(count);
  return [...lanes, cores];
}

/** @throws LanewiseError if it was interrupted, since half a diagnosis misleads */
export function requireComplete(results: Results): Results {
  if (!results.complete) throw new LanewiseError('interrupted', 'Interrupted before the diagnosis was complete.');
  return results;
}

/** @param measured undefined: only the facts were requested */
export function diagnosisOf(facts: Facts, measured?: Readonly<Record<'twins' | 'starts', Results>>): Diagnosis {
  const diagnosis = {
    schema: 'lanewise/doctor@1',
    ...facts,
    freeCpus: measured ? freeCpusOf(measured.twins) : null,
    noise: measured ? noiseFloors(measured.twins, PRESETS) : [],
    upperBound: measured ? upperBoundPoints(measured.twins) : [],
    startupMs: {
      thread: startupOf(measured?.starts, 'worker-threads'),
      process: startupOf(measured?.starts, 'child-processes'),
    },
  } as const;
  return { ...diagnosis, sentences: diagnosisSentences(diagnosis) };
}

function startupOf(starts: Results | undefined, strategy: string): number | null {
  const cell = starts?.cells.find((other) => other.strategy === strategy);
  return cell?.status === 'ok' ? cell.summary.startupMs : null;
}
