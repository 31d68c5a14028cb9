/**
 * Refuses phrases that have a better word in docs/glossary.md, in sources, docs and the reports of recorded results.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readResults } from '../../src/session/read-results.ts';
import { renderMarkdown, renderTerminal } from '../../src/report/render.ts';
import { plainPaint } from '../../src/report/dress/tones.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Phrases, each with the replacement to suggest. */
const FORBIDDEN: readonly (readonly [phrase: RegExp, instead: string])[] = [
  [/\btold\b|\btells\b/i, 'reports, prints, shows'],
  [/\bin hand\b/i, 'current'],
  [/\bgo(?:es|ne|ing)? on with\b/i, 'resume'],
  [/\bcut off\b/i, 'interrupted, truncated'],
  [/(?<!\bthree )\bways\b|\bevery way\b|\bway by way\b/i, 'configurations'],
  [/\brivals?\b/i, 'configuration, closest'],
  [/not shown to be/i, 'tied with'],
  [/times as fast|[\d}] times as long/i, '1.63× as fast, speedup'],
  [/\d %(?! \d)/, '5%'],
  [/measured anew/i, 'measured again'],
  [/\btr(?:y|ied|ying) out\b/i, 'calibrate'],
  [/as many as there are/i, 'all'],
  [/of the user['’]s\b|of one['’]s own\b/i, 'the user’s own, custom'],
  [/control group/i, 'cgroup'],
  [/nobody caught/i, 'uncaught'],
  [/\bread with care\b|\bmuch the same again\b|otherwise here/i, 'Warnings, Reproduce this run, What differs here'],
  // Not the margin of a style sheet, nor the statistic that tinybench prints.
  [/\bmargin\b(?!(?:-\w+)?: \d| of error)/i, 'minimum effect'],
  [/\bhand(?:s|ed|ing)?[ -]over\b/i, 'dispatch'],
  [/\bunder way\b/i, 'running, in flight'],
  [/\bpa(?:id|ys?) back\b/i, 'breaks even'],
  [/\bceilings?\b/i, 'upper bound'],
  [/\bstart-ups?\b/i, 'startup'],
  [/\bspeed-ups?\b/i, 'speedup'],
  [/^\s*(?:\/?\*\*?|\/\/) (?:Of|What) /, 'a verb or a noun'],
];

interface Found {
  readonly place: string;
  readonly line: string;
  readonly phrase: string;
  readonly instead: string;
}

/** Forbidden phrases of a text, with their lines. */
export function forbiddenIn(name: string, text: string): readonly Found[] {
  return text.split('\n').flatMap((line, index) =>
    FORBIDDEN.flatMap(([phrase, instead]) => {
      const [found] = phrase.exec(line) ?? [];
      return found === undefined
        ? []
        : [{ place: `${name}:${index + 1}`, line: line.trim(), phrase: found.trim(), instead }];
    }),
  );
}

const PLACES = ['src', 'workers', 'bench', 'browser', 'scripts', 'examples', 'docs'];
const PAGES = ['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md', 'action.yml'];
const EXTENSIONS = new Set(['.ts', '.tsx', '.js', '.mjs', '.md']);

function filesIn(folder: string): readonly string[] {
  return (
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      // The gallery has its own.
      .filter((name) => EXTENSIONS.has(extname(name)) && !name.includes('node_modules'))
      .map((name) => join(folder, name))
  );
}

async function outputs(): Promise<readonly Found[]> {
  const folder = join(ROOT, 'test', 'recorded');
  const texts = readdirSync(folder).map(async (name) => {
    const results = await readResults(join(folder, name));
    return [
      ...forbiddenIn(`${name} in a terminal`, await renderTerminal(results, plainPaint)),
      ...forbiddenIn(`${name} as Markdown`, await renderMarkdown(results)),
    ];
  });
  return (await Promise.all(texts)).flat();
}

if (process.argv[1] === import.meta.filename) {
  const files = [...PLACES.flatMap(filesIn), ...PAGES].filter((name) => join(ROOT, name) !== import.meta.filename);
  const found = [
    ...files.flatMap((name) => forbiddenIn(name, readFileSync(join(ROOT, name), 'utf8'))),
    ...(await outputs()),
  ];
  for (const { place, phrase, instead, line } of found)
    process.stdout.write(`${place}: "${phrase}" (${instead}): ${line.slice(0, 120)}\n`);
  process.stdout.write(
    `${found.length} forbidden phrases in ${files.length} files and the reports of recorded results.\n`,
  );
  process.exitCode = found.length === 0 ? 0 : 1;
}
