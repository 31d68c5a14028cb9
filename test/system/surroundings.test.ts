import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EXIT_STATUS, type ErrorCode } from '../../dist/src/model/errors.js';
import { errorsPage } from '../../dist/src/system/surroundings.js';

/** The heading of each kind of error in docs/errors.md. */
const HEADINGS: Readonly<Record<ErrorCode, string>> = {
  usage: 'Usage',
  input: 'Modules and files',
  interrupted: 'Interrupted',
  internal: 'An internal error',
};

/** The words before the first name or value, at most three: `Cannot resume the`; the second part if a name comes first. */
function firstWords(sentence: string): string {
  const part = sentence.split(/\$\{[^}]*\}|"|--[a-z-]+/).find((text) => /[a-z]/i.test(text)) ?? '';
  return part
    .trim()
    .split(/\s+/)
    .slice(0, 3)
    .join(' ')
    .replace(/[.,:]$/, '');
}

describe('the page of errors', () => {
  it('the page that errors refer to is docs/errors.md of the package, seen from the working folder', () => {
    expect(errorsPage().replaceAll('\\', '/')).toBe('docs/errors.md');
    expect(readFileSync(errorsPage(), 'utf8')).toMatch(/^# Errors and warnings\n/);
  });

  it('docs/errors.md has the first words of every error that a user can mend', () => {
    const page = readFileSync(errorsPage(), 'utf8').replaceAll(/\s+/g, ' ');
    const sources = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name));
    const openings = sources.flatMap((name) => {
      const text = readFileSync(join('src', name), 'utf8');
      const found = text.matchAll(/new LanewiseError\(\s*'(?:usage|input)',[^'"`]*(['`])(?<sentence>.*?)\1/g);
      return [...found].flatMap(({ groups }) => (groups?.sentence?.includes(' ') ? [firstWords(groups.sentence)] : []));
    });
    expect(openings.length).toBeGreaterThan(40);
    expect([...new Set(openings)].filter((words) => !page.includes(words))).toEqual([]);
  });

  it.each(Object.entries(HEADINGS))('docs/errors.md has the exit status of the error kind %s', (kind, heading) => {
    const sections = readFileSync(errorsPage(), 'utf8').split(/^## /m);
    const section = sections.find((text) => text.startsWith(`${heading}\n`));
    expect(section).toContain(`Exit status ${EXIT_STATUS[kind as ErrorCode]}`);
  });
});
