/** A figure of the page: a question, a sentence on how to read the answer, and one drawing for each workload or for all. */
export interface Figure {
  /** Unique in the page. */
  readonly id: string;
  /** Its title; a drawing that belongs to what stands around it has none. */
  readonly question?: string;
  readonly howToRead?: string;
  /** What was left out of it, and where that is to be found. */
  readonly left: readonly string[];
  readonly panels: readonly Panel[];
  /** Wide drawings stand below each other. */
  readonly isWide: boolean;
}

export interface Panel {
  readonly title: string;
  /** An `<svg>` with its own text alternative. */
  readonly svg: string;
  /** What is to be said of this drawing, below it. */
  readonly notes?: readonly string[];
}

/** More drawings than that nobody compares, and each takes its time to draw. */
const PANELS_LIMIT = 12;

/** As many of the workloads as one figure draws, and a sentence if that is not all. */
export function panelsOf<Group>(groups: readonly Group[]): {
  readonly drawn: readonly Group[];
  readonly left: readonly string[];
} {
  const left =
    groups.length > PANELS_LIMIT
      ? [`Drawn are the first ${PANELS_LIMIT} of ${groups.length}; the tables below have all.`]
      : [];
  return { drawn: groups.slice(0, PANELS_LIMIT), left };
}
