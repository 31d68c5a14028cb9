import type { LaneId } from './contract.ts';

const KINDS = { thread: 'worker thread', process: 'child process' } as const;

/** Name of a lane for people, counted from 1: `main thread`, `worker thread 1`, `child process 2`. */
export function laneName({ kind, index }: LaneId): string {
  return kind === 'main' ? 'main thread' : `${KINDS[kind]} ${index + 1}`;
}

/** The kind of lane without its number: `worker thread`. */
export function laneKindName(kind: LaneId['kind']): string {
  return kind === 'main' ? 'main thread' : KINDS[kind];
}
