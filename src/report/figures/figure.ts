import type { PlotOptions } from '@observablehq/plot';
import { draw } from './draw.ts';
import type { Look } from './rows.ts';

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
  /** Of marks that have no name beside them. */
  readonly legend?: readonly LegendEntry[];
  /** Wide drawings stand below each other. */
  readonly isWide: boolean;
}

interface Panel {
  readonly title: string;
  /** An `<svg>` with its own text alternative. */
  readonly svg: string;
  /** What is to be said of this drawing, below it. */
  readonly notes: readonly string[];
  /** What few ask for, closed until then. */
  readonly more?: { readonly heading: string; readonly svg: string };
}

/** A mark of a figure and what it stands for. */
export interface LegendEntry extends Look {
  readonly name: string;
}

/** One drawing of a figure, and what is to be said of it. */
export interface Sketch {
  readonly title: string;
  /** The drawing in words and numbers, for whoever cannot see it. */
  readonly alternative: string;
  readonly options: PlotOptions;
  readonly notes?: readonly string[];
  readonly left?: readonly string[];
  readonly more?: Pick<Sketch, 'alternative' | 'options'> & { readonly heading: string };
}

/** More drawings than that nobody compares, and each takes its time to draw. */
const PANELS_LIMIT = 12;

/**
 * A figure with a drawing for each of the groups; undefined if there is nothing to draw, and nothing to say of what is not drawn.
 *
 * @param sketch is told how many drawings there will be
 */
export function figureOf<Group>(
  groups: readonly Group[],
  { left = [], isWide = false, ...said }: Pick<Figure, 'id' | 'question' | 'howToRead'> & Partial<Figure>,
  sketch: (group: Group, drawings: number) => Sketch,
): Figure | undefined {
  if (groups.length === 0 && left.length === 0) return undefined;
  const drawn = groups.slice(0, PANELS_LIMIT);
  const sketches = drawn.map((group) => sketch(group, drawn.length));
  const tooMany = `The first ${PANELS_LIMIT} of ${groups.length} are drawn; the tables have all.`;
  return {
    ...said,
    isWide,
    left: [
      ...(drawn.length < groups.length ? [tooMany] : []),
      ...new Set(sketches.flatMap((each) => each.left ?? [])),
      ...left,
    ],
    panels: sketches.map(({ title, alternative, options, notes = [], more }, index) => {
      const id = `${said.id}-${index}`;
      const heading = titleOf(title, said.question);
      return {
        title,
        notes,
        ...draw({ id, title: heading, alternative, options }),
        ...(more && {
          more: { heading: more.heading, ...draw({ ...more, id: `${id}-more`, title: `${heading} ${more.heading}` }) },
        }),
      };
    }),
  };
}

function titleOf(title: string, question: string | undefined): string {
  return question === undefined ? title : `${title}: ${question.charAt(0).toLowerCase()}${question.slice(1)}`;
}
