import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { NamedStrategy } from '../model/asked-strategy.ts';
import { cellId, shortId, type Configuration } from '../model/cell-id.ts';
import { LanewiseError } from '../model/errors.ts';
import type { Block, Group, OwnStrategy, PlannedCell, Turn, Workload } from '../model/plan.ts';
import { confirmationOf, screeningOf } from '../model/evidence.ts';
import type { Concurrency, Options, StrategyName } from '../model/results.ts';
import { traitsOf, type StrategyTraits } from '../model/strategies.ts';

export interface CellRequest {
  /** In display order, may include single configurations; repeating one makes twins. */
  readonly strategies: readonly NamedStrategy[];
  readonly poolSizes: readonly number[];
  /** Undefined: each strategy's own default. */
  readonly concurrency: readonly Concurrency[] | undefined;
  /** The same for the event loop. */
  readonly loopConcurrency?: readonly Concurrency[];
  /** False: a strategy without a pool gets only the largest size. */
  readonly poolSizesAreGiven: boolean;
  /** Numbers of machines beside this one, for strategies with a server; the pool sizes are those of each. */
  readonly machines?: readonly number[] | undefined;
  /** Traits of custom strategies. */
  readonly own: readonly OwnStrategy[];
}

/** Requested configurations, strategy by strategy. */
export function configurationsOf(workload: Workload, request: CellRequest): readonly Configuration[] {
  return request.strategies.flatMap((asked) => {
    if (asked.kind === 'configuration') return [asked.configuration];
    const strategy = asked.name;
    const own = ownTraits(strategy, request);
    const traits = traitsOf({ strategy, ...own });
    return machinesOf(traits, request).flatMap((machines) =>
      poolSizesOf(traits, request).flatMap((onEach) =>
        concurrencyOf(traits, workload, request).map((concurrency) => ({
          strategy,
          poolSize: onEach * (machines + 1),
          concurrency,
          ...(machines > 0 && { machines }),
          ...own,
        })),
      ),
    );
  });
}

/** All hosts of a group are alive at once, 50 to 150 MB each; larger sweeps need several runs. */
const MOST_HOSTS = 48;

/**
 * Cells of a group: each configuration with every version. Repeating a configuration makes twins.
 *
 * @throws LanewiseError for more cells than can be alive at once
 */
export function cellsOf(
  title: string,
  configurations: readonly Configuration[],
  versions: Group['versions'],
): readonly PlannedCell[] {
  const all = configurations.flatMap((configuration) =>
    versions.map(({ version }) => ({ ...configuration, ...(version !== undefined && { version }) })),
  );
  if (all.length > MOST_HOSTS)
    throw new LanewiseError(
      'usage',
      `${title} would have ${all.length} configurations; at most ${MOST_HOSTS} can be compared. Give fewer to --strategy, --pool-size or --concurrency.`,
    );
  const seen = new Map<string, number>();
  return all.map((configuration) => {
    const count = (seen.get(shortId(configuration)) ?? 0) + 1;
    seen.set(shortId(configuration), count);
    const cell = { ...configuration, ...(count > 1 && { twin: count }) };
    return { id: cellId(title, cell), ...cell };
  });
}

/** Empty for built-in strategies. */
function ownTraits(strategy: StrategyName, { own }: CellRequest): Pick<PlannedCell, 'laneKind' | 'keepsLanes'> {
  const found = own.find(({ name }) => name === strategy);
  return found === undefined ? {} : { laneKind: found.laneKind, ...(!found.keepsLanes && { keepsLanes: false }) };
}

function machinesOf({ needsServer }: StrategyTraits, { machines = [0] }: CellRequest): readonly number[] {
  return needsServer === true ? machines : [0];
}

function poolSizesOf({ lanes }: StrategyTraits, { poolSizes, poolSizesAreGiven }: CellRequest): readonly number[] {
  switch (lanes) {
    case 'one':
      return [1];
    case 'pool':
      return poolSizes;
    case 'per-task':
      return poolSizesAreGiven ? poolSizes : [Math.max(...poolSizes)];
    default:
      return lanes satisfies never;
  }
}

/** The requested concurrency is for pools: the event loop keeps all tasks at once, unless limited on its own. */
function concurrencyOf(
  { defaultConcurrency, plainConcurrency }: StrategyTraits,
  { bound }: Workload,
  { concurrency, loopConcurrency }: CellRequest,
): readonly Concurrency[] {
  if (defaultConcurrency === undefined) return [1];
  const asked = plainConcurrency === 'all' ? loopConcurrency : concurrency;
  return asked ?? defaultConcurrency(bound);
}

/**
 * Order in which cells take turns: a random permutation in one round, its reverse in the next, so that drift across the
 * pair affects all cells equally. Turns of the same slot follow each other, since a machine is more like itself a second
 * later than a minute later; slots are in random order, too.
 */
export function orderBlocks(
  turns: readonly Turn[],
  blocks: number,
  rounds: number,
  seed: number,
  slotOf: (turn: Turn) => number = () => 0,
): readonly Block[] {
  const generator = xoroshiro128plus(seed);
  const below = (limit: number): number => uniformInt(generator, 0, limit - 1);
  const slots = [...new Set(turns.map(slotOf))].map((slot) => turns.filter((turn) => slotOf(turn) === slot));
  const orders: Turn[][] = [];
  while (orders.length < blocks * rounds) {
    // A single slot costs no number of the generator.
    const inOrder = slots.length === 1 ? slots : shuffled(slots, below);
    const order = inOrder.flatMap((slot) => shuffled(slot, below));
    orders.push(order, order.toReversed());
  }
  return Array.from({ length: blocks }, (_, block) => orders.slice(block * rounds, (block + 1) * rounds));
}

/** Blocks of a race: one round of all cells before the confirmation, which is planned again for those that are left. */
export function orderRace(group: Omit<Group, 'blocks'>, options: Evidence, seed: number): readonly Block[] {
  const { cells } = group;
  const screening = orderBlocks(cells, screeningOf(group), 1, seed);
  return withConfirmation({ ...group, blocks: screening }, cells, options, seed).blocks;
}

type Evidence = Pick<Options, 'blocks' | 'rounds' | 'looks'>;

/** A raced group with new blocks for the cells that are left. */
export function withConfirmation(group: Group, left: readonly PlannedCell[], options: Evidence, seed: number): Group {
  const { blocks, rounds } = confirmationOf(group, left.length, options);
  const screening = group.blocks.slice(0, screeningOf(group));
  // Another seed, so that the order does not repeat that of the screening.
  return { ...group, blocks: [...screening, ...orderBlocks(left, blocks, rounds, seed + 1)] };
}

/** Measuring time of a candidate per block of a selection: short batches vary more, so they have more rounds. */
const SELECTING_MS = 200;
const LEAST_ROUNDS = 2;

/** Evidence to select candidates by: no more rounds than planned. @param batchMs batch time of the fastest */
export function selecting({ blocks, rounds }: Evidence, batchMs: number): Evidence {
  return { blocks, rounds: Math.min(rounds, Math.max(LEAST_ROUNDS, Math.ceil(SELECTING_MS / batchMs))) };
}

/** Fisher–Yates shuffle. */
function shuffled<Item>(items: readonly Item[], below: (limit: number) => number): Item[] {
  const remaining = [...items];
  return items.flatMap(() => remaining.splice(below(remaining.length), 1));
}
