import { expect, it } from 'vitest';
import { dressMarkdown } from '../../../dist/src/report/dress/markdown.js';
import { dressTerminal } from '../../../dist/src/report/dress/terminal.js';
import { paintFor } from '../../../dist/src/report/dress/tones.js';
import { loadDocument } from '../../../dist/src/report/load/load-document.js';
import { loadOf } from '../../support/load-results.js';

it('the method of a load has the command to reproduce it and its words, on the page and not in a terminal', () => {
  const report = loadDocument(loadOf(20));
  const markdown = dressMarkdown(report);
  for (const part of ['lanewise load ./work.js --objective', 'rate held']) expect(markdown).toContain(part);
  expect(dressTerminal(report, paintFor({ color: false }, process.stdout))).not.toContain('rate held');
});
