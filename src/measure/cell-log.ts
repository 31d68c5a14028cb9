import type { CellError, PlannedCell, Sample } from '../model.ts';

/** What has been measured of one cell so far; samples in time order. */
export interface CellLog {
  readonly cell: PlannedCell;
  readonly startupMs: number[];
  readonly memoryBytes: number[];
  readonly samples: Sample[];
  error: CellError | undefined;
}

export function newCellLog(cell: PlannedCell): CellLog {
  return { cell, startupMs: [], memoryBytes: [], samples: [], error: undefined };
}
