import type { PlotOptions } from '@observablehq/plot';
import { draw } from './draw.ts';
import type { Look } from './rows.ts';

/** A figure of the page: a question, how to read the answer, and one drawing for each workload or for all. */
export interface Figure {
  /** Unique in the page. */
  readonly id: string;
  /** The title; undefined for a drawing that belongs to the text around it. */
  readonly question?: string;
  readonly howToRead?: string;
  /** Sentences about omitted content, and where to find it. */
  readonly omitted: readonly string[];
  readonly panels: readonly Panel[];
  /** Explains marks without a name beside them. */
  readonly legend?: readonly LegendEntry[];
  /** Wide drawings stand below each other. */
  readonly isWide: boolean;
}

interface Panel {
  readonly title: string;
  /** An `<svg>` with its own text alternative. */
  readonly svg: string;
  /** Sentences below the drawing. */
  readonly notes: readonly string[];
  /** A further drawing, collapsed at first. */
  readonly more?: { readonly heading: string; readonly svg: string };
}

/** A mark of a figure and its meaning. */
export interface LegendEntry extends Omit<Look, 'color'> {
  readonly name: string;
  /** A CSS variable with a light and a dark value. */
  readonly color: `var(--${string})`;
}

/** One drawing of a figure, with its sentences. */
export interface Sketch {
  readonly title: string;
  /** The drawing in words and numbers, for screen readers. */
  readonly alternative: string;
  readonly options: PlotOptions;
  readonly notes?: readonly string[];
  readonly omitted?: readonly string[];
  readonly more?: Pick<Sketch, 'alternative' | 'options'> & { readonly heading: string };
}

/** Nobody compares more drawings, and each takes time to draw. */
const PANELS_LIMIT = 12;

/**
 * Makes a figure with one drawing per group; undefined if there is nothing to draw and nothing was omitted.
 *
 * @param sketch also gets the number of drawings
 */
export function figureOf<Group>(
  groups: readonly Group[],
  { omitted = [], isWide = false, ...said }: Pick<Figure, 'id' | 'question' | 'howToRead'> & Partial<Figure>,
  sketch: (group: Group, drawings: number) => Sketch,
): Figure | undefined {
  if (groups.length === 0 && omitted.length === 0) return undefined;
  const drawn = groups.slice(0, PANELS_LIMIT);
  const sketches = drawn.map((group) => sketch(group, drawn.length));
  const tooMany = `The first ${PANELS_LIMIT} of ${groups.length} are drawn; the tables have all.`;
  return {
    ...said,
    isWide,
    omitted: [
      ...(drawn.length < groups.length ? [tooMany] : []),
      ...new Set(sketches.flatMap((each) => each.omitted ?? [])),
      ...omitted,
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
