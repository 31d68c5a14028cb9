import type { Settings } from './settings.ts';

/** What a run measures, and where its report goes. */
export interface RunConfig extends Settings {
  /** The report folder. Default: `lanewise-report`. */
  readonly out?: string;
  /** What is written there. Default: html, md, json, csv and trace. */
  readonly formats?: readonly string[];
}

/** A configuration file, `lanewise.config.js`: what its commands do unless flags say otherwise. */
export interface LanewiseConfig extends RunConfig {
  /** By name, for `lanewise run --suite name`: each goes before what stands beside `suites`. */
  readonly suites?: Readonly<Record<string, RunConfig>>;
}

/** The identity, for its types: a plain object with the same fields does as well. */
export function defineConfig(config: LanewiseConfig): LanewiseConfig {
  return config;
}
