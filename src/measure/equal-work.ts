import type { GroupContext } from './cell-hosts.ts';
import { ModuleChangedError } from './locate-module.ts';
import { lossOnTheWay } from '../host/failure-text.ts';
import type { Composition, Digests } from '../model/schema/host-reply.ts';
import type { GroupSnapshot } from '../model/measured.ts';

/** Verifies outputs: the first output of each task is the reference for every batch of every cell. */
export class EqualWork {
  #reference: GroupSnapshot['reference'];
  /** Properties of the inputs, as opened cells reported them. */
  #inputs: Composition | undefined;

  constructor(reference: GroupSnapshot['reference'] = null) {
    this.#reference = reference;
  }

  get reference(): GroupSnapshot['reference'] {
    return this.#reference;
  }

  /** Undefined until the output of every task has been verified. */
  get digests(): readonly string[] | undefined {
    const digests = this.#reference?.digests ?? [];
    const known = digests.filter((digest) => digest !== null);
    return known.length > 0 && known.length === digests.length ? known : undefined;
  }

  /** Records the inputs, which are equal in all cells but may lose something on their way to some. */
  noteInputs(inputs: Composition): void {
    this.#inputs = inputs;
  }

  /** @throws UnequalWorkError at the first task whose output differs from the reference */
  check(cell: string, digests: Digests): void {
    const reference = this.#reference ?? { cell, digests };
    const task = digests.findIndex((digest, index) => isOther(digest, reference.digests[index] ?? null));
    if (task !== -1)
      throw new UnequalWorkError(
        [reference.cell, cell],
        task,
        [reference.digests[task] ?? 'nothing', digests[task] ?? 'nothing'],
        this.#inputs && (lossOnTheWay('thread', this.#inputs) ?? lossOnTheWay('process', this.#inputs)),
      );
    const length = Math.max(reference.digests.length, digests.length);
    this.#reference = {
      cell: reference.cell,
      digests: Array.from({ length }, (_, index) => reference.digests[index] ?? digests[index] ?? null),
    };
  }
}

/** Whether two digests differ; an unverified output equals any. */
function isOther(digest: string | null, expected: string | null): boolean {
  return digest !== null && expected !== null && digest !== expected;
}

/** Two cells gave different outputs for the same input, so that comparing their times would mean nothing. */
export class UnequalWorkError extends Error {
  override readonly name = 'UnequalWorkError';
  readonly cells: readonly [string, string];
  readonly task: number;

  /** @param loss what inputs lose on their way, which may be the reason */
  constructor(cells: readonly [string, string], task: number, outputs: readonly [string, string], loss?: string) {
    // Ids are for programs: the warning `unequal-work` names the configurations in words.
    const hint = loss === undefined ? '' : ` Note that ${loss}.`;
    const rule = areVersions(cells)
      ? 'Times are compared only of versions that do the same.'
      : 'The task must give the same result every time and everywhere; one that draws random numbers, reads the clock, keeps state or changes what its inputs share does not.';
    super(
      `${differing(cells, task, outputs)}.${hint} ${rule} If results may differ, compare a part of them with a \`digest\` function, or measure without comparing them: --verify off.`,
    );
    this.cells = cells;
    this.task = task;
  }
}

/** Whether it was one configuration, in its two versions. */
function areVersions([one, other]: readonly [string, string]): boolean {
  return one !== other && one.replace(NEWER, '') === other.replace(NEWER, '');
}

/** `Two configurations gave different results for task 1: 5000 and 5001`; of two versions, which of them gave which. */
function differing(cells: readonly [string, string], task: number, outputs: readonly [string, string]): string {
  const [first, second] = cells.map((id) => (NEWER.test(id) ? 'new' : 'old'));
  if (first === second) {
    const where =
      cells[0] === cells[1] ? 'One configuration gave two results' : 'Two configurations gave different results';
    return `${where} for task ${task + 1}: ${outputs[0]} and ${outputs[1]}`;
  }
  // Where the configurations differ, too, they may be what makes the difference.
  const who = areVersions(cells) ? 'The two versions' : 'Two configurations of different versions';
  return `${who} gave different results for task ${task + 1}: ${outputs[0]} (${first}) and ${outputs[1]} (${second})`;
}

/** End of the id of a cell of the newer version. */
const NEWER = /~new$/;

/**
 * Fails every cell of a group whose cells do different work: which of them is right is unknown, so none can be
 * compared.
 *
 * @throws what was thrown, if it is anything else
 */
export function failAll({ group, logs, warnings }: GroupContext, thrown: unknown): void {
  if (thrown instanceof ModuleChangedError) {
    const { name, message } = thrown;
    for (const log of logs.values()) log.error ??= { name, message };
    return;
  }
  if (!(thrown instanceof UnequalWorkError)) throw thrown;
  const { name, message, task, cells } = thrown;
  for (const log of logs.values()) log.error ??= { name, message, task };
  warnings.push({ kind: 'unequal-work', workload: group.workload.name, cells: [...cells], task });
}
