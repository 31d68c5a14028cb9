/** Types of the results of a load measurement, by name. */
import type { Static } from 'typebox';
import type { loadSchema } from './load-schema.ts';

export const LOAD_SCHEMA_ID = 'lanewise/load@1';

/** Measurements and conclusions of `lanewise load`. */
export type LoadResults = Static<typeof loadSchema>;
/** One configuration with its windows. */
export type LoadCell = LoadResults['cells'][number];
export type MeasuredLoadCell = Extract<LoadCell, { status: 'ok' }>;
export type LoadWorkload = LoadResults['workloads'][number];
/** A latency that must not be exceeded: `p99` at most 50 ms. */
export type Objective = LoadWorkload['objective'];
/** How tasks arrive. */
export type Arrivals = LoadResults['options']['arrivals'];
/** How tasks reach the strategy. */
export type Via = LoadResults['options']['via'];
/** Kept-alive connections, or a new one for each request. */
export type Connections = NonNullable<LoadResults['options']['connections']>;
/** A pulse that was asked for. */
export type Overload = NonNullable<LoadResults['options']['overload']>;
/** The pulses of one configuration, and their medians. */
export type OverloadedCell = NonNullable<LoadResults['overload']>[number];
export type Pulse = OverloadedCell['pulses'][number];
/** Readings of one window, with its turn. */
export type Window = LoadCell['windows'][number];
export type AtRate = MeasuredLoadCell['rates'][number];
/** The latencies of two configurations at one rate. */
export type LatencyComparison = LoadResults['latencyComparisons'][number];
/** The rate that a configuration holds. */
export type Held = NonNullable<LoadResults['held']>[number];
export type HeldComparison = NonNullable<LoadResults['heldComparisons']>[number];
export type LoadRecommendation = NonNullable<LoadResults['recommendations']>[number];
