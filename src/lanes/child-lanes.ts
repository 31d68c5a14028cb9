import type { LaneAssignment } from '../../workers/contract.ts';
import { openChildLane, type ChildLane } from './child-lane.ts';

/** Starts so many children at once. @throws what the first one threw that cannot be opened; the others are closed */
export async function openChildLanes(assignment: LaneAssignment, poolSize: number): Promise<readonly ChildLane[]> {
  const indices = Array.from({ length: poolSize }, (_, index) => index);
  const starts = await Promise.allSettled(
    indices.map((index) => openChildLane(assignment, { kind: 'process', index })),
  );
  const lanes = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []));
  const failed = starts.find((start) => start.status === 'rejected');
  if (failed === undefined) return lanes;
  await Promise.all(lanes.map((lane) => lane.close()));
  throw failed.reason;
}

/** @param lanes at least one */
export function leastBusy<Lane extends Pick<ChildLane, 'load'>>(lanes: readonly Lane[]): Lane {
  return lanes.reduce((best, lane) => (lane.load() < best.load() ? lane : best));
}
