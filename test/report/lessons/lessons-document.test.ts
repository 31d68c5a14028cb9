import { parseHTML } from 'linkedom';
import { expect, it } from 'vitest';
import { dressMarkdown } from '../../../dist/src/report/dress/markdown.js';
import { dressPage } from '../../../dist/src/report/dress/page.js';
import { dressTerminal } from '../../../dist/src/report/dress/terminal.js';
import { lessonsDocument } from '../../../dist/src/report/lessons/lessons-document.js';
import { plainPaint } from '../../../dist/src/report/dress/tones.js';
import { LESSONS } from '../../support/lessons-report.js';

it('the scoreboard is a list of scores on a phone, each with the name of its column', async () => {
  const { document } = parseHTML(await dressPage(lessonsDocument(LESSONS, { isFull: false })));
  const cells = [...(document.querySelector('table.wordy tbody tr')?.querySelectorAll('td') ?? [])];
  expect(cells.map((cell) => cell.getAttribute('data-label'))).toEqual([
    'in the tutorial',
    'event loop',
    'threads',
    'processes',
  ]);
});

it('the scoreboard has the claims of all configurations of a strategy in one score in a terminal, and each beside the others elsewhere', () => {
  const [lesson] = LESSONS.lessons;
  const [one] = lesson?.configurations ?? [];
  if (lesson === undefined || one === undefined) throw new Error('the recorded report has no lesson');
  const twice = { ...LESSONS, lessons: [{ ...lesson, configurations: [one, one] }] };
  const score = `✓ ${one.claims.length}/${one.claims.length}`;
  const sum = `✓ ${2 * one.claims.length}/${2 * one.claims.length}`;
  expect(dressMarkdown(lessonsDocument(twice, { isFull: false }))).toContain(`${score} · ${score}`);
  const terminal = dressTerminal(lessonsDocument(twice, { isFull: false }), plainPaint);
  expect(terminal).toContain(sum);
  expect(terminal).not.toContain(`${score} ${score}`);
});

it('the claims of a lesson have a heading of their own, and not that of the lesson again', () => {
  const text = dressMarkdown(lessonsDocument(LESSONS, { isFull: true }));
  expect(text.match(/^#+ One coroutine, awaited$/gm)).toEqual(['## One coroutine, awaited']);
  expect(text).toContain('\n### Claims\n');
});

it.each([
  ['en', 'Just after one had failed, other programs used 1.7 of 2 CPUs'],
  ['pt', 'Logo depois de uma falhar, outros programas usavam 1,7 de 2 CPUs'],
] as const)(
  'below the verdict on claims that fail stands what other programs used meanwhile, in %s',
  (lang, sentence) => {
    const environment = { ...LESSONS.environment, cores: 2 };
    const lessonsWith = (pass: boolean) =>
      LESSONS.lessons.map((lesson) => ({
        ...lesson,
        configurations: lesson.configurations.map((one) => ({
          ...one,
          claims: one.claims.map((claim) => ({ ...claim, pass })),
        })),
      }));
    const alertsOf = (over: object): string => {
      const report = { ...LESSONS, environment, lang, lessons: lessonsWith(false), ...over };
      return JSON.stringify(lessonsDocument(report, { isFull: true }).alerts);
    };
    expect(alertsOf({ otherCpus: 1.7 })).toContain(sentence);
    expect(alertsOf({ otherCpus: 0.1 })).toBe('[]');
    expect(alertsOf({ otherCpus: 1.7, lessons: lessonsWith(true) })).toBe('[]');
  },
);
