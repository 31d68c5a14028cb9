import { LanewiseError } from '../model/errors.ts';
import { readEnvironment } from '../measure/environment.ts';
import { takeLock, type LockOptions } from '../session/lock.ts';
import { readSupport, readTimer } from '../measure/machine-facts.ts';
import type { Observer } from '../measure/observer.ts';
import type { CeilingPoint, Diagnosis, NoiseFloor } from '../model/diagnosis.ts';
import type { Plan } from '../model/plan.ts';
import type { Results } from '../model/results.ts';
import { PRESETS } from '../model/presets.ts';
import { diagnosisSentences } from '../report/diagnosis-sentences.ts';
import { run, type RunContext } from './run.ts';
import { ceilingPoints, noiseFloors } from '../stats/diagnose.ts';

interface DoctorRequest {
  /** Only the facts of the machine, in a moment; nothing is measured. */
  readonly factsOnly: boolean;
  readonly seed?: string;
}

/**
 * What this machine can measure: its facts; then twins of the event loop and of worker threads for the noise, plain
 * processes for the ceiling, and the start of a thread and of a process. About a minute.
 *
 * @throws LanewiseError if it is aborted: half a diagnosis is none
 */
export async function doctor(
  options: DoctorRequest,
  watch: (plan: Plan) => Observer,
  lockOptions: LockOptions = { mode: 'refuse' },
): Promise<Diagnosis> {
  const environment = await readEnvironment();
  const facts = { environment, timer: await readTimer(), support: readSupport(environment) };
  const measured = options.factsOnly ? NOTHING : await measureLocked(options, environment.cores, watch, lockOptions);
  const diagnosis = { schema: 'lanewise/doctor@1', ...facts, ...measured } as const;
  return { ...diagnosis, sentences: diagnosisSentences(diagnosis) };
}

type Measured = Pick<Diagnosis, 'noise' | 'ceiling' | 'startupMs'>;

const NOTHING: Measured = { noise: [], ceiling: [], startupMs: { thread: null, process: null } };

/** No other run comes between the two. */
async function measureLocked(
  options: DoctorRequest,
  cores: number,
  watch: (plan: Plan) => Observer,
  lockOptions: LockOptions,
): Promise<Measured> {
  const lock = await takeLock(lockOptions);
  try {
    return await measureMachine(options, cores, watch, lock.isShared ? { lock: { mode: 'ignore' } } : {});
  } finally {
    lock.release();
  }
}

async function measureMachine(
  { seed }: DoctorRequest,
  cores: number,
  watch: (plan: Plan) => Observer,
  context: RunContext,
): Promise<Measured> {
  const seeded = seed === undefined ? {} : { seed };
  const twins = await run(
    {
      workloads: ['primes'],
      strategy: ['event-loop', 'event-loop', 'worker-threads', 'worker-threads'],
      poolSize: ['cores'],
      preset: 'standard',
      rounds: String(PRESETS.rigorous.rounds),
      ceilingLanes: lanesUpTo(cores),
      ...seeded,
    },
    watch,
    context,
  );
  requireComplete(twins);
  const starts = await run(
    {
      workloads: ['noop'],
      strategy: ['worker-threads', 'child-processes'],
      poolSize: ['1'],
      tasks: '1',
      preset: 'quick',
      ceilingLanes: [],
      ...seeded,
    },
    watch,
    context,
  );
  requireComplete(starts);
  const noise: readonly NoiseFloor[] = noiseFloors(twins, PRESETS);
  const ceiling: readonly CeilingPoint[] = ceilingPoints(twins);
  return {
    noise,
    ceiling,
    startupMs: { thread: startupOf(starts, 'worker-threads'), process: startupOf(starts, 'child-processes') },
  };
}

function requireComplete({ complete }: Results): void {
  if (!complete) throw new LanewiseError('interrupted', 'Interrupted before the machine had been examined.');
}

/** Powers of two, and the number of cores itself. */
function lanesUpTo(cores: number): readonly number[] {
  const lanes: number[] = [];
  for (let count = 1; count < cores; count *= 2) lanes.push(count);
  return [...lanes, cores];
}

function startupOf({ cells }: Results, strategy: string): number | null {
  const cell = cells.find((other) => other.strategy === strategy);
  return cell?.status === 'ok' ? cell.summary.startupMs : null;
}
