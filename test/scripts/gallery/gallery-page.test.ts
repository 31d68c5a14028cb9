import { join } from 'node:path';
import { expect, it } from 'vitest';
import { answersOf, writeGalleryPage } from '../../../dist/scripts/gallery/gallery-page.js';
import { readResults } from '../../../dist/src/session/read-results.js';

const RECORDED = join(import.meta.dirname, '../../recorded');
const work = {
  name: 'gzip',
  title: 'Compression: zlib',
  question: 'From which size on?',
  rule: 'Always.',
  threads: ['https://github.com/nodejs/node/issues/47709', 'https://github.com/websockets/ws/pull/1'],
  command: ['run', '--suite', 'gzip'],
  smallest: [],
};
const notes = '**Where it would be otherwise.** Elsewhere.';

it('the section of a measured work has the answers, figures, date and machine of its results', async () => {
  const results = await readResults(join(RECORDED, 'scan.json.gz'));
  const page = writeGalleryPage([{ work, results, notes }]).replaceAll(/ {2,}/g, ' ');
  const [first = '', second = ''] = answersOf(results);
  expect(first).toContain('gzip');
  expect(page).toContain(`| [From which size on?](#compression-zlib) | ${first}<br>${second} |`);
  expect(page).toContain(`- ${first}\n- ${second}`);
  expect(page).toContain('**Measured** on 2026-11-26, AMD EPYC, 2 CPUs, Node v20.20.2, preset quick:');
  expect(page).toMatch(/2 worker threads \| +[\d.]+ \| 0\.39× \(0\.24–0\.77\) \| slower \|/);
  expect(page).toMatch(/2 worker threads \| +[\d.]+ \| 0\.98× \(0\.71–1\.38\) \| unclear \|/);
  expect(page).toMatch(/the event loop \| +[\d.]+ \| 1\.00× \| baseline \|/);
  expect(page).toContain('(../examples/gallery/reports/gzip/report.md)');
  expect(page).not.toContain('not measured yet');
});

it('a section has the question, where it is asked, the rule of thumb, the command and the notes', () => {
  const page = writeGalleryPage([{ work, notes }]);
  expect(page.slice(page.indexOf('##'))).toBe(`## Compression: zlib

From which size on? Asked in [nodejs/node#47709](https://github.com/nodejs/node/issues/47709) and [websockets/ws#1](https://github.com/websockets/ws/pull/1).

**Rule of thumb:** Always.

\`\`\`sh
lanewise run --suite gzip
\`\`\`

Not measured yet.

${notes}`);
});

it('a configuration that failed has no figures', async () => {
  const results = await readResults(join(RECORDED, 'versus-failed.json.gz'));
  expect(writeGalleryPage([{ work, notes, results }])).toMatch(/\| +\| +\| failed +\|/);
});

it('without a verdict on the work, no configuration has one', async () => {
  const results = await readResults(join(RECORDED, 'scan.json.gz'));
  const warnings = results.workloads.map(({ name, params }) => ({
    kind: 'taken-cpus' as const,
    workload: name,
    params,
    cores: 2,
    freeCpus: 0.5,
    neededCpus: 2,
    loopCpus: null,
  }));
  const page = writeGalleryPage([{ work, notes, results: { ...results, comparisons: [], warnings } }]);
  expect(page).toContain('no verdict');
  expect(page).toMatch(/2 worker threads \| +[\d.]+ \| +not compared \| not compared \|/);
});

it('values with the same verdict share one answer', async () => {
  const results = await readResults(join(RECORDED, 'scan.json.gz'));
  const alike = { ...results, comparisons: [], recommendations: [] };
  const answers = answersOf(alike);
  expect(answers).toHaveLength(1);
  expect(answers[0]).toContain(`${alike.workloads[0]?.name}, all ${alike.workloads.length} measured: `);
});
