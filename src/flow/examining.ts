import { readSupport, readTimer } from '../measure/environment.ts';
import type { Diagnosis } from '../model/diagnosis.ts';
import { byName } from '../model/asked-strategy.ts';
import { LanewiseError } from '../model/errors.ts';
import type { Environment, Results } from '../model/results.ts';
import type { RunRequest } from '../plan/resolve.ts';
import { PRESETS } from '../model/presets.ts';
import { diagnosisSentences } from '../report/diagnosis-sentences.ts';
import { ceilingPoints, noiseFloors } from '../stats/diagnose.ts';

/** How a machine is examined. */
export interface DoctorRequest {
  /** Only the facts of the machine, in a moment; nothing is measured. */
  readonly factsOnly: boolean;
  readonly seed?: number;
}

type Facts = Pick<Diagnosis, 'environment' | 'timer' | 'support'>;

export async function readFacts(environment: Environment): Promise<Facts> {
  return { environment, timer: await readTimer(), support: readSupport(environment) };
}

/** What is measured: twins for the noise and plain processes for the ceiling, then the start of a thread and of a process. */
export function examinations({ seed }: DoctorRequest, cores: number): Readonly<Record<'twins' | 'starts', RunRequest>> {
  const seeded = seed === undefined ? {} : { seed };
  return {
    twins: {
      workloads: ['primes'],
      strategies: byName('event-loop', 'event-loop', 'worker-threads', 'worker-threads'),
      poolSizes: [{ perCore: 1 }],
      preset: 'standard',
      rounds: PRESETS.rigorous.rounds,
      ceilingLanes: lanesUpTo(cores),
      ...seeded,
    },
    starts: {
      workloads: ['noop'],
      strategies: byName('worker-threads', 'child-processes'),
      poolSizes: [1],
      tasks: 1,
      preset: 'quick',
      ceilingLanes: [],
      ...seeded,
    },
  };
}

/** Powers of two, and the number of cores itself. */
function lanesUpTo(cores: number): readonly number[] {
  const lanes: number[] = [];
  for (let count = 1; count < cores; count *= 2) lanes.push(count);
  return [...lanes, cores];
}

/** @throws LanewiseError if it was interrupted: half a diagnosis is none */
export function requireComplete(results: Results): Results {
  if (!results.complete) throw new LanewiseError('interrupted', 'Interrupted before the machine had been examined.');
  return results;
}

/** @param measured undefined: facts are all that was asked for */
export function diagnosisOf(facts: Facts, measured?: Readonly<Record<'twins' | 'starts', Results>>): Diagnosis {
  const diagnosis = {
    schema: 'lanewise/doctor@1',
    ...facts,
    noise: measured ? noiseFloors(measured.twins, PRESETS) : [],
    ceiling: measured ? ceilingPoints(measured.twins) : [],
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
