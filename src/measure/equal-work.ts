import type { GroupSnapshot } from '../model.ts';

/** The first batch of a group fixes what every other batch of every cell must give. */
export class EqualWork {
  #reference: GroupSnapshot['reference'];

  constructor(reference: GroupSnapshot['reference'] = null) {
    this.#reference = reference;
  }

  get reference(): GroupSnapshot['reference'] {
    return this.#reference;
  }

  get digests(): readonly string[] | undefined {
    return this.#reference?.digests;
  }

  /** @throws UnequalWorkError at the first task whose output is another than it was in the reference cell */
  check(cell: string, digests: readonly string[]): void {
    this.#reference ??= { cell, digests };
    const { cell: first, digests: expected } = this.#reference;
    const task = digests.findIndex((digest, index) => digest !== expected[index]);
    if (task === -1) return;
    throw new UnequalWorkError([first, cell], task, [expected[task] ?? 'nothing', digests[task] ?? 'nothing']);
  }
}

/** Two cells gave different outputs for the same input, so that comparing their times would mean nothing. */
export class UnequalWorkError extends Error {
  override readonly name = 'UnequalWorkError';
  readonly cells: readonly [string, string];
  readonly task: number;

  constructor(cells: readonly [string, string], task: number, outputs: readonly [string, string]) {
    const where =
      cells[0] === cells[1] ? `${cells[0]} gave two results` : `${cells[0]} and ${cells[1]} gave different results`;
    super(
      `${where} for task ${task + 1}: ${outputs[0]} and ${outputs[1]}. The task must give the same result every time and everywhere; a \`digest\` function can leave out what may differ.`,
    );
    this.cells = cells;
    this.task = task;
  }
}
