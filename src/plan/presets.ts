/** How much evidence a run gathers: blocks decide how small a difference can be told, rounds how calm a block's number is. */
export interface Preset {
  readonly blocks: number;
  readonly rounds: number;
  /** Batches that every lane runs in each block before anything is measured. */
  readonly warmups: number;
}

export const PRESETS = {
  quick: { blocks: 10, rounds: 1, warmups: 1 },
  standard: { blocks: 12, rounds: 4, warmups: 2 },
  rigorous: { blocks: 24, rounds: 6, warmups: 3 },
} as const satisfies Record<string, Preset>;

export type PresetName = keyof typeof PRESETS;
