import type { LaneAssignment, LaneId, Usage } from '../../workers/contract.ts';
import { LANE_VARIABLE, type OwnAssignment } from '../../workers/lane-variable.ts';
import type { LaneAnswer, LaneMessage } from '../../workers/own-lane.ts';
import { sumUsage } from '../../workers/usage.ts';
import { fromWire } from '../../workers/wire.ts';
import { createFeed } from './feed.ts';
import type { OwnLanes, StrategyDefinition } from './own-strategy.ts';
import type { StrategySettings } from './strategy.ts';

/** What a pool must be able to do to be measured. */
export interface Pool {
  /**
   * Hands a message to a lane that has room for it. Its worker file must answer with what `answer` of `lanewise/lane` gives, and this
   * resolves to that.
   */
  readonly call: (message: LaneMessage) => PromiseLike<LaneAnswer>;
  /** Ends all lanes, and resolves when they are gone. */
  readonly close: () => PromiseLike<unknown> | void;
}

/** How large a pool is to be, and what its workers must find in their environment. */
export interface PoolSettings {
  readonly poolSize: number;
  /** Of one lane. */
  readonly inFlight: number;
  /** Of this process, with what workers are told in it. Threads and forks inherit it, unless the pool gives them another. */
  readonly env: NodeJS.ProcessEnv;
}

/** How a pool is opened, and what reports call it. */
export interface PoolDefinition extends Pick<StrategyDefinition, 'name' | 'description'> {
  readonly lanes: Exclude<LaneId['kind'], 'main'>;
  readonly openPool: (settings: PoolSettings) => Pool | PromiseLike<Pool>;
}

/** A lane is held for so long by a question, so that the next one goes to another. */
const HOLD_MS = 5;
/** A pool that hands everything to one lane is not asked for ever. */
const MOST_QUESTIONS = 200;

/**
 * A strategy made of any pool: Lanewise's own queue hands it as many tasks as its lanes may have under way, as it does with its own
 * pools; so the price of a library is what is told apart, and not how it queues.
 */
export function poolStrategy({ openPool, ...definition }: PoolDefinition): StrategyDefinition {
  return { ...definition, open: (assignment, settings) => openLanes(definition.lanes, openPool, assignment, settings) };
}

async function openLanes(
  kind: PoolDefinition['lanes'],
  openPool: PoolDefinition['openPool'],
  assignment: LaneAssignment,
  { poolSize }: StrategySettings,
): Promise<OwnLanes> {
  process.env[LANE_VARIABLE] = JSON.stringify({ assignment, kind } satisfies OwnAssignment);
  const pool = await openPool({ poolSize, inFlight: assignment.inFlight, env: process.env });
  /** By the id of the thread or process; numbered as they are met. */
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
      for (const answer of await Promise.all(questions)) if ('usage' in answer) answers.set(answer.lane, answer);
    }
    return answers;
  }

  try {
    const lanes = await askAll('ping');
    for (const id of lanes.keys()) indexOf(id);
    if (lanes.size < poolSize)
      throw new Error(`the pool was to have ${poolSize} lanes, and only ${lanes.size} of them answered`);
  } catch (thrown) {
    await pool.close();
    throw thrown;
  }
  const feed = createFeed(poolSize * assignment.inFlight, async (task) => {
    const answer = await pool.call({ kind: 'task', task });
    if (!('reply' in answer)) throw new Error('the worker answered a task with something else');
    const reply = fromWire(answer.reply);
    return reply.status === 'lost' ? reply : { ...reply, lane: indexOf(answer.lane) };
  });
  return {
    run: feed.run,
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
