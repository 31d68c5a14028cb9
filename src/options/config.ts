import type { Asked } from './table.ts';

/** How work is measured; everything is optional, and what is left out is as with the flag of that name. */
export type Settings = Asked<'run', 'code'>;

/** What a tuning is about; it chooses among strategies, pool sizes and tasks in flight by itself, and takes one each of `nodes` and `nodeOptions`. */
export type TuneSettings = Asked<'tune', 'code'>;

/** Which lessons, in which language and at what speed. */
export type LessonsSettings = Asked<'lessons', 'code'>;

/** What a run measures, and where its report goes. */
export type RunConfig = Asked<'run', 'file'>;

/** A configuration file, `lanewise.config.js`: what its commands do unless flags say otherwise. */
export interface LanewiseConfig extends RunConfig {
  /** By name, for `lanewise run --suite name`: each goes before what stands beside `suites`. */
  readonly suites?: Readonly<Record<string, RunConfig>>;
}

/** The identity, for its types: a plain object with the same fields does as well. */
export function defineConfig(config: LanewiseConfig): LanewiseConfig {
  return config;
}
