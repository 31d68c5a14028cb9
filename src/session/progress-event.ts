import type { MeasuringEvent } from '../measure/events.ts';
import type { Plan } from '../model/plan.ts';
import type { Sample } from '../model/results.ts';

/**
 * Progress of a measurement. Events come between two batches only, so that a slow listener prolongs the run but does
 * not change what is measured.
 */
export type ProgressEvent =
  /** The plan; a tuning has one for the screening and one for the finalists. */
  | { readonly kind: 'planned'; readonly cells: readonly string[]; readonly blocks: number }
  /** Calibration is complete: the estimated duration of the measurement. */
  | { readonly kind: 'estimated'; readonly durationMs: number }
  | { readonly kind: 'sample'; readonly cell: string; readonly sample: Sample }
  /** A block was measured; `block` is 0-based, and a disturbed one comes a second time. */
  | { readonly kind: 'block'; readonly workload: string; readonly block: number; readonly blocks: number }
  /** All blocks of this workload have been measured. */
  | { readonly kind: 'workload'; readonly workload: string };

export function plannedEvent({ groups }: Plan): ProgressEvent {
  return {
    kind: 'planned',
    cells: groups.flatMap((group) => group.cells.map(({ id }) => id)),
    blocks: groups.reduce((sum, { blocks }) => sum + blocks.length, 0),
  };
}

/** The event for a listener; undefined for events that concern only the journal. */
export function progressEvent(event: MeasuringEvent): ProgressEvent | undefined {
  switch (event.kind) {
    case 'tried': {
      const durationMs = event.estimates.flatMap(({ blocksMs }) => blocksMs).reduce((sum, ms) => sum + ms, 0);
      return { kind: 'estimated', durationMs };
    }
    case 'sample':
      return event;
    case 'block': {
      const { workload, blocks } = event.group;
      return { kind: 'block', workload: workload.name, block: event.block, blocks: blocks.length };
    }
    case 'group':
      return { kind: 'workload', workload: event.group.workload.name };
    case 'window':
    case 'profile':
    case 'raced':
    case 'repeating':
    case 'saved':
      return undefined;
    default:
      return event satisfies never;
  }
}
