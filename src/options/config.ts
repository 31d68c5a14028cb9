import type { Asked } from './table.ts';

/** Settings of a run; all are optional, with the defaults of the flags of the same name. */
export type Settings = Asked<'run', 'code'>;

/**
 * Settings of a tuning. Strategy, pool size and concurrency are searched; `runtimes` and `nodeOptions` accept one value
 * each.
 */
export type TuneSettings = Asked<'tune', 'code'>;

/** Settings of a load measurement. */
export type LoadSettings = Asked<'load', 'code'> & {
  /** A name, or the path of a module; with `versus` two paths, of the old version and of the new one. */
  readonly workload: string | readonly [old: string, current: string];
};

/** Settings of the lessons: which ones, in which language and at what speed. */
export type LessonsSettings = Asked<'lessons', 'code'>;

/** Settings of a run, and of its report folder. */
export type RunConfig = Asked<'run', 'file'>;

/** Settings of a load measurement, and of its report folder. */
export type LoadConfig = Asked<'load', 'file'>;

/** Settings of a run, and of a load measurement. */
export interface SuiteConfig extends RunConfig {
  /** For `lanewise load`, to which the settings beside it apply too, except `out` and `formats`. */
  readonly load?: LoadConfig;
}

/** A configuration file, `lanewise.config.js`: settings that flags override. */
export interface LanewiseConfig extends SuiteConfig {
  /** Suites by name, for `lanewise run --suite name`: their settings override those beside `suites`. */
  readonly suites?: Readonly<Record<string, SuiteConfig>>;
}

/** Returns its argument, for its types: a plain object with the same fields works as well. */
export function defineConfig(config: LanewiseConfig): LanewiseConfig {
  return config;
}
