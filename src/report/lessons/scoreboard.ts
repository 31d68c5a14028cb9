import type { LessonsReport, TaughtConfiguration } from '../../model/lessons.ts';
import { present, section, type Cell, type Section } from '../document.ts';
import type { Words } from './words.ts';

/** A smaller share of the CPUs that others use explains no claim that fails. */
const BUSY_SHARE = 0.1;

/** The outcome of all claims. */
export function verdictOf({ lessons, complete }: LessonsReport, words: Words): string {
  const configurations = lessons.flatMap((lesson) => lesson.configurations);
  const { held, all } = scoreOf(configurations);
  const broken = configurations.filter(({ error }) => error !== undefined).map(words.configuration);
  return present(
    !complete && words.incomplete,
    held < all && words.someFail(all - held, all),
    held === all && all > 0 && broken.length === 0 && words.allHold(lessons.length, all),
    broken.length > 0 && `${broken.join(', ')}: ${words.notRun}.`,
  ).join(' ');
}

/** A possible reason for claims that fail; undefined: none is known. */
export function explanationOf(
  { lessons, otherCpus = 0, environment: { cores } }: LessonsReport,
  words: Words,
): string | undefined {
  const { held, all } = scoreOf(lessons.flatMap(({ configurations }) => configurations));
  return held < all && otherCpus >= BUSY_SHARE * cores ? words.busy(otherCpus, cores) : undefined;
}

function scoreOf(configurations: readonly TaughtConfiguration[]): { readonly held: number; readonly all: number } {
  const claims = configurations.flatMap((configuration) => configuration.claims);
  return { held: claims.filter(({ pass }) => pass).length, all: claims.length };
}

/** Columns after those that name the lesson. */
const STRATEGIES = ['event-loop', 'worker-threads', 'child-processes'] as const;

export function scoreboard({ lessons }: LessonsReport, words: Words): Section {
  const rows = lessons.map(({ id, title, origin, configurations }) => ({
    cells: [
      { text: [{ text: title, to: id }], short: id },
      { text: origin, short: origin.replace(/:.*/, '') },
      ...STRATEGIES.map((strategy) =>
        scoreCell(configurations.filter((configuration) => configuration.strategy === strategy)),
      ),
    ],
  }));
  // On a phone, each lesson is a list of its scores: beside where it is in the tutorial they would have no room.
  const columns = words.columns.map((title, index) => ({ title, isWordy: index === 1 }));
  return section(words.scoreboard, [{ kind: 'table', label: words.scoreboard, columns, rows }]);
}

/** `✓ 2/2`, side by side for each configuration of the strategy; in a terminal, of all of them. */
function scoreCell(configurations: readonly TaughtConfiguration[]): Cell {
  if (configurations.length === 0) return { text: '' };
  return {
    text: configurations.map((configuration) => scoreText([configuration])).join(' · '),
    short: scoreText(configurations),
    tone: areAllRight(configurations) ? 'good' : 'bad',
  };
}

function scoreText(configurations: readonly TaughtConfiguration[]): string {
  const { held, all } = scoreOf(configurations);
  return `${areAllRight(configurations) ? '✓' : '✗'} ${held}/${all}`;
}

function areAllRight(configurations: readonly TaughtConfiguration[]): boolean {
  return configurations.every(({ pass }) => pass);
}
