import { parseHTML } from 'linkedom';
import { expect, it } from 'vitest';
import { dressMarkdown } from '../../../dist/src/report/dress/markdown.js';
import { dressPage } from '../../../dist/src/report/dress/page.js';
import { lessonsDocument } from '../../../dist/src/report/lessons/lessons-document.js';
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

it('the claims of a lesson have a heading of their own, and not that of the lesson again', () => {
  const text = dressMarkdown(lessonsDocument(LESSONS, { isFull: true }));
  expect(text.match(/^#+ One coroutine, awaited$/gm)).toEqual(['## One coroutine, awaited']);
  expect(text).toContain('\n### Claims\n');
});
