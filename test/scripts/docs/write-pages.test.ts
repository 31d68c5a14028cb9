import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { writeResultsPage } from '../../../dist/scripts/docs/results-page.js';
import { runProgram } from '../../support/run-program.js';

const TOOL = fileURLToPath(new URL('../../../dist/scripts/docs/write-pages.js', import.meta.url));

it('docs/api.md, docs/cli.md and docs/results.md are up to date, and every export has a docstring', async () => {
  const { stderr } = await runProgram(process.execPath, [TOOL, '--check']);
  expect(stderr).toBe('');
});

it('the results page has the fields of a schema with types and meanings, and alternatives with their distinguishing field', () => {
  const page = writeResultsPage({
    required: ['seed', 'cells'],
    properties: {
      seed: { type: 'integer', description: 'Of the order.' },
      note: { anyOf: [{ type: 'string' }, { type: 'null' }] },
      cells: {
        type: 'array',
        description: 'All | of them.',
        items: {
          anyOf: [
            {
              type: 'object',
              required: ['id', 'status'],
              properties: {
                id: { type: 'string' },
                status: { const: 'ok' },
                samples: { type: 'array', items: { type: 'object', properties: { ms: { type: 'number' } } } },
              },
            },
            {
              type: 'object',
              description: 'What went wrong.',
              required: ['id', 'status'],
              properties: { id: { type: 'string' }, status: { const: 'failed' } },
            },
          ],
        },
      },
    },
  });
  const rows = page.split('\n').map((line) => line.replaceAll(/ {2,}/g, ' '));
  expect(rows).toEqual([
    '| field | type | meaning |',
    '| ------- | -------------- | ------------- |',
    '| `seed` | integer | Of the order. |',
    '| `note?` | string or null | |',
    '',
    '## cells',
    '',
    'All | of them.',
    '',
    expect.stringContaining('field'),
    expect.stringContaining('---'),
    '| `[].id` | string | |',
    '| `[].status` | `"ok"` | |',
    '| `[].samples?` | list of object | |',
    '| `[].samples[].ms?` | number | |',
    '| `[].status` | `"failed"` | What went wrong. |',
  ]);
});
