/** The rules of the house that neither the compiler nor the linter knows. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { NAVIGATION } from '../site/.vitepress/navigation.ts';
import { lanewise } from './support/lanewise.js';
import { useTempFolder } from './support/temp-folder.js';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const DIST = pathToFileURL(join(ROOT, 'dist/')).href;
const folder = useTempFolder();

interface Source {
  /** From the root: `src/flow/find.ts`. */
  readonly path: string;
  readonly text: string;
  readonly lines: number;
  /** The files that it imports, at once or when they are needed. */
  readonly imports: readonly string[];
}

function sourcesIn(...folders: readonly string[]): readonly Source[] {
  return folders
    .flatMap((name) =>
      readdirSync(join(ROOT, name), { recursive: true, encoding: 'utf8' }).map((file) => join(name, file)),
    )
    .filter((path) => /\.tsx?$/.test(path))
    .map((path) => {
      const text = readFileSync(join(ROOT, path), 'utf8');
      const imports = [...text.matchAll(/(?:\bfrom|\bimport\(|^import) *'(\.[^']+)'/gm)];
      return {
        path: path.replaceAll('\\', '/'),
        text,
        lines: text.split('\n').length - 1,
        imports: imports.map(([, from = '']) => join(dirname(path), from).replaceAll('\\', '/')),
      };
    });
}

const SOURCES = sourcesIn('src', 'workers', 'browser', 'bench', 'scripts');
const TESTS = sourcesIn('test').filter(({ path }) => path.endsWith('.test.ts'));

it('a file has at most 300 lines', () => {
  expect(SOURCES.filter(({ lines }) => lines > 300).map(({ path, lines }) => `${path}: ${lines}`)).toEqual([]);
});

it('no docstring stands above another one, where it describes nothing', () => {
  expect(SOURCES.filter(({ text }) => /\*\/\r?\n[ \t]*\/\*\*/.test(text)).map(({ path }) => path)).toEqual([]);
});

it('half of the files of src and workers have at most 80 lines', () => {
  const sources = SOURCES.filter(({ path }) => /^(?:src|workers)\//.test(path));
  expect(sources.filter(({ lines }) => lines <= 80).length).toBeGreaterThanOrEqual(sources.length / 2);
});

it('a file that only one other uses has at least 10 lines, unless it is one of a kind that the other lists', () => {
  const usersOf = (path: string): readonly Source[] => SOURCES.filter(({ imports }) => imports.includes(path));
  const isListOf = ({ imports }: Source, path: string): boolean =>
    imports.filter((other) => dirname(other) === dirname(path)).length >= 5;
  const needless = SOURCES.filter(({ path, lines }) => {
    const [user, ...others] = usersOf(path);
    return lines < 10 && user !== undefined && others.length === 0 && !isListOf(user, path);
  });
  expect(needless.map(({ path }) => path)).toEqual([]);
});

it('a test has the name of the file that it tests, and may name an aspect of it after a dot', () => {
  const whole = /^test\/(?:e2e|long|nightly|cases|alone|windows)\/|^test\/(?:house|workflows)\.test\.ts$/;
  const scripts = readdirSync(join(ROOT, 'action')).map((name) => `action/${name}`);
  const tested = new Set(
    [...SOURCES.map(({ path }) => path), ...scripts].map((path) => path.replace(/\.(?:tsx?|sh)$/, '')),
  );
  const astray = TESTS.filter(({ path }) => !whole.test(path)).filter(({ path }) => {
    const [name = ''] = basename(path).split('.');
    const file = join(dirname(relative('test', path)), name).replaceAll('\\', '/');
    return !tested.has(file) && !tested.has(`src/${file}`);
  });
  expect(astray.map(({ path }) => path)).toEqual([]);
});

it('what a platform has is told in one place', () => {
  // Names of the platform are shown and recorded elsewhere, never compared.
  const comparing = /process\.platform\s*[!=]==|[!=]==\s*process\.platform|platform\(\)\s*[!=]==/;
  const others = SOURCES.filter(({ path }) => /^(?:src|workers)\//.test(path)).filter(({ text }) =>
    comparing.test(text),
  );
  expect(others.map(({ path }) => path)).toEqual([]);
});

it('a run loads at most 150 files of the project in the process that measures', async () => {
  const command = 'run noop -s event-loop,worker-threads -p 1 -c 1 -n 1 --blocks 6 --rounds 1 --no-upper-bound --quiet';
  const coverage = join(folder.path, 'coverage');
  const { status, stderr } = await lanewise(command.split(' '), {
    cwd: folder.path,
    env: { NODE_V8_COVERAGE: coverage },
  });
  expect(status, stderr).toBe(0);
  const loaded = readdirSync(coverage)
    .map(
      (file) =>
        JSON.parse(readFileSync(join(coverage, file), 'utf8')) as {
          readonly result: readonly { readonly url: string }[];
        },
    )
    .map(({ result }) =>
      result.map(({ url }) => url).filter((url) => url.startsWith(DIST) && !url.includes('/libraries/')),
    )
    .filter((urls) => urls.some((url) => url.endsWith('/src/cli/main.js')));
  expect(loaded).toHaveLength(1);
  expect(loaded[0]?.length).toBeGreaterThan(50);
  expect(loaded[0]?.length).toBeLessThanOrEqual(150);
});

/** Pages of the documentation; in the code of their examples, nothing is a link or a heading. */
const PAGES = [...readdirSync(ROOT), ...readdirSync(join(ROOT, 'docs')).map((file) => join('docs', file))]
  .filter((path) => path.endsWith('.md'))
  .map((path) => {
    const whole = readFileSync(join(ROOT, path), 'utf8');
    const example = /^```[^]*?^```/gm;
    const text = whole.replaceAll(example, '');
    return { path, text, withExamples: whole.replaceAll(example, (code) => code.replaceAll(/^#/gm, ' ')) };
  });

/** The anchors that GitHub gives to the headings of a page. */
function anchorsOf(text: string): readonly string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-'),
  );
}

it('every link between pages of the documentation leads to a file, and to a heading in it', () => {
  const links = PAGES.flatMap(({ path, text }) =>
    [...text.replaceAll(/`[^`\n]*`/g, '').matchAll(/\]\((?![a-z]+:)([^)#\s]*)#?([^)\s]*)\)/g)].map(
      ([link, file = '', anchor = '']) => ({
        link,
        path,
        file: file === '' ? path : join(dirname(path), file),
        anchor,
      }),
    ),
  );
  expect(links.length).toBeGreaterThan(100);
  const broken = links.filter(({ file, anchor }) => {
    const page = PAGES.find(({ path }) => path === file);
    return page === undefined ? !existsSync(join(ROOT, file)) : anchor !== '' && !anchorsOf(page.text).includes(anchor);
  });
  expect(broken).toEqual([]);
});

/** The heading with this anchor and all below it; the whole page without one. */
function sectionOf(text: string, anchor: string): string {
  if (anchor === '') return text;
  const headings = [...text.matchAll(/^(#+) .+$/gm)];
  const own = headings[anchorsOf(text).indexOf(anchor)];
  const depth = own?.[1]?.length ?? 0;
  const next = headings.find(({ index, 1: marks = '' }) => index > (own?.index ?? 0) && marks.length <= depth);
  return text.slice(own?.index, next?.index);
}

it('figures with a date that leads to another page stand there, under that date', () => {
  const dated = /\[[^\]]*(\d{4}-\d\d-\d\d)[^\]]*\]\(([\w./-]*\.md)(?:#([\w-]+))?\)/g;
  const quotes = PAGES.flatMap(({ path, text }) =>
    // A paragraph, an item of a list or a row of a table.
    text.split(/\n\s*\n|\n(?=\|)|\n(?= *(?:-|\d+\.) )/).flatMap((part) =>
      [...part.matchAll(dated)].map((link) => {
        const [, date = '', file = '', anchor = ''] = link;
        const page = PAGES.find((one) => one.path === join(dirname(path), file));
        // What is said since the link before, or since the sentence began.
        const said =
          part
            .slice(0, link.index)
            .split(/\]\([^)]*\)|[.:;]\s/)
            .at(-1) ?? '';
        return { path, link: link[0], date, said, section: sectionOf(page?.withExamples ?? '', anchor) };
      }),
    ),
  );
  expect(quotes.length).toBeGreaterThan(10);
  const astray = quotes.flatMap(({ path, link, date, said, section }) => {
    const there = [...section.matchAll(/\d+(?:\.\d+)?/g)].map(Number);
    const figures = [...said.matchAll(/(?<![\w.])\d+(?:\.\d+)?(?= ?(?:ms|µs|%|×|–)|\))|\d+\.\d+/g)].map(
      ([figure]) => figure,
    );
    const isThere = (figure: string): boolean => {
      const digits = figure.split('.')[1]?.length ?? 0;
      return there.some((value) => value.toFixed(digits) === figure);
    };
    const missing = [...figures.filter((figure) => !isThere(figure)), ...(section.includes(date) ? [] : [date])];
    return missing.length === 0 ? [] : [{ path, link, missing }];
  });
  expect(astray).toEqual([]);
});

it('every page of docs/ is in the navigation of the site, once', () => {
  const pages = PAGES.map(({ path }) => path).filter((path) => dirname(path) === 'docs');
  const listed = NAVIGATION.flatMap(({ items }) => items.map(({ page }) => join('docs', `${page}.md`)));
  expect(listed.toSorted()).toEqual(pages.toSorted());
});

it('no duration is told from a clock that can be set', () => {
  const asking = sourcesIn('src', 'workers', 'bench').filter(({ text }) =>
    /Date\.now\(|\.getTime\(\) *[-+]|[-+] *\w+\.getTime\(/.test(text),
  );
  expect(asking.map(({ path }) => path)).toEqual([]);
});
