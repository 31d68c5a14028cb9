import type { LaneAssignment, LaneId, Task, TaskReply, Usage } from '../../workers/contract.ts';
import { LANE_VARIABLE, type OwnAssignment } from '../../workers/lane-variable.ts';
import type { LaneAnswer, LaneMessage } from '../../workers/own-lane.ts';
import { sumUsage } from '../../workers/usage.ts';
import { isObject } from '../../workers/value-kinds.ts';
import { fromWire } from '../../workers/wire.ts';
import { createFeed } from './feed.ts';
import type { OwnLanes, StrategyDefinition } from './own-strategy.ts';
import type { StrategySettings } from './strategy.ts';

/** The interface of a pool that can be measured. */
export interface Pool {
  /**
   * Sends a message to a lane with room for it. Resolves to the worker file's answer, which must be the result of
   * `answer` from `lanewise/lane`.
   */
  readonly call: (message: LaneMessage) => PromiseLike<LaneAnswer>;
  /** Ends all lanes; resolves when they are gone. */
  readonly close: () => PromiseLike<unknown> | void;
}

/** Size and environment of a pool. */
export interface PoolSettings {
  readonly poolSize: number;
  /** Concurrency of each lane. */
  readonly concurrency: number;
  /**
   * The environment of this process with variables for the workers. Threads and forks inherit it, unless the pool sets
   * another.
   */
  readonly env: NodeJS.ProcessEnv;
}

/** How to open a pool, and its name in reports. */
export interface PoolDefinition extends Pick<StrategyDefinition, 'name' | 'description'> {
  readonly lanes: Exclude<LaneId['kind'], 'main'>;
  readonly openPool: (settings: PoolSettings) => Pool | PromiseLike<Pool>;
}

/** A question occupies a lane for this long, so that the next one goes to another lane. */
const HOLD_MS = 5;
/** Limit of questions, for pools that send everything to one lane. */
const MOST_QUESTIONS = 200;

/**
 * Makes a strategy of any pool. Lanewise's own queue dispatches only as many tasks as its lanes may run, as for its own
 * pools, so that libraries differ by their cost and not by how they queue.
 */
export function poolStrategy({ openPool, ...definition }: PoolDefinition): StrategyDefinition {
  return { ...definition, open: (assignment, settings) => openLanes(definition.lanes, openPool, assignment, settings) };
}

const NO_ANSWER = 'the worker file must return what `answer` of lanewise/lane returns';

async function openLanes(
  kind: PoolDefinition['lanes'],
  openPool: PoolDefinition['openPool'],
  assignment: LaneAssignment,
  settings: StrategySettings,
): Promise<OwnLanes> {
  const { poolSize } = settings;
  process.env[LANE_VARIABLE] = JSON.stringify({ assignment, kind } satisfies OwnAssignment);
  const pool = await openPool({ poolSize, concurrency: assignment.concurrency, env: process.env });
  /** Lane indices by thread or process id, in order of first contact. */
  const indices = new Map<number, number>();
  const indexOf = (id: number): number => {
    const index = indices.get(id) ?? indices.size;
    indices.set(id, index);
    return index;
  };

  /** Asks until every lane has answered once. @throws what the pool rejects with */
  async function askAll(question: 'ping' | 'close'): Promise<ReadonlyMap<number, Asked>> {
    const answers = new Map<number, Asked>();
    for (let asked = 0; answers.size < poolSize && asked < MOST_QUESTIONS; asked += poolSize) {
      const questions = Array.from({ length: poolSize - answers.size }, () =>
        pool.call({ kind: question, holdMs: HOLD_MS }),
      );
      for (const answer of await Promise.all(questions)) {
        if (!isObject(answer)) throw new Error(NO_ANSWER);
        if ('usage' in answer) answers.set(answer.lane, answer);
      }
    }
    return answers;
  }

  try {
    const lanes = await askAll('ping');
    for (const id of lanes.keys()) indexOf(id);
    if (lanes.size < poolSize) throw new Error(`only ${lanes.size} of the pool's ${poolSize} workers answered`);
  } catch (thrown) {
    await pool.close();
    throw thrown;
  }
  const runOne = async (task: Task): Promise<TaskReply> => {
    const answer = await pool.call({ kind: 'task', task });
    if (!isObject(answer) || !('reply' in answer)) throw new Error(NO_ANSWER);
    const reply = fromWire(answer.reply);
    return reply.status === 'lost' ? reply : { ...reply, lane: indexOf(answer.lane) };
  };
  const feed = createFeed(poolSize * assignment.concurrency, runOne, settings);
  return {
    run: feed.run,
    serve: feed.serve,
    // Some pools of threads park an idle one, as Piscina does; while it holds an answer back, its event loop turns.
    ...(kind === 'thread' && { catchUp: async () => void (await askAll('ping')) }),
    ...(kind === 'process' && {
      usage: async () => sumUsage([...(await askAll('ping')).values()].map(({ usage }) => usage)),
      processIds: () => [...indices.keys()],
    }),
    close: async () => {
      const answers = await askAll('close').catch(() => new Map<number, Asked>());
      await pool.close();
      return [...answers.values()].flatMap(({ error }) => error ?? []);
    },
  };
}

type Asked = Extract<LaneAnswer, { readonly usage: Usage }>;
