/**
 * Writes docs/api.md from the docstrings of all exports and the programs of examples/api, docs/cli.md from the table of
 * options, docs/results.md and docs/load-results.md from the schemas of the results, docs/gallery.md from the reports of
 * examples/gallery.
 *
 *   npm run docs:api [-- --check]
 *
 * `--check` writes nothing. The exit status is 1 if a page is out of date or an export has no docstring.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, type FormatConfig } from 'oxfmt';
import { undocumented, writePage, type Example } from './api-page.ts';
import { readApi } from './read-api.ts';
import { fieldsOf, writeCliPage } from './options.ts';
import { writeResultsPage } from './results-page.ts';
import { writeGalleryPage } from '../gallery/gallery-page.ts';
import { readShown, readWorks } from '../gallery/works.ts';
import { loadSchema } from '../../src/model/load-schema.ts';
import { resultsSchema } from '../../src/model/results-schema.ts';
import { scriptOptions } from '../script-options.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const API = `# The API

Exports of \`lanewise\` and its other modules, for \`import\` and \`require\`. No function of \`lanewise\` prints, ends the process or
keeps anything between two calls; what cannot be done as asked is a \`LanewiseError\` with a sentence for its message. The types need \`@types/node\`, and a \`moduleResolution\` of
\`nodenext\` or \`bundler\` (\`node16\` from ES modules). Made from the docstrings by
\`npm run docs:api\`; the programs are those of [examples](../examples), which the tests run.`;
const CLI = `# The command line

Every command but \`completion\` ([configuration.md](configuration.md)), with its options as \`lanewise <command> --help\` prints them. A list is separated by commas, or its flag is repeated; of "values", each has its own flag. \`--no-\` before the name of a flag
without a value turns it off. A [configuration file](configuration.md) holds settings that stay the same. Made from the table of options by \`npm run docs:api\`.`;
const RESULTS = `# The results, field by field

The format of \`results.json\`, of the output of \`--json\` and of the value of \`run\` and \`tune\`: \`lanewise/results@1\`, as JSON Schema in
[results-1.schema.json](results-1.schema.json). \`?\` marks a field that may be absent; an object of several kinds has its fields kind by kind, each after the \`kind\`, \`status\` or other field by which they differ; \`null\` means not measured or not applicable. Times are
milliseconds unless the name has another unit. Made from the schema by \`npm run docs:api\`.`;

const LOAD_RESULTS = `# The results of a load measurement, field by field

The format of \`load.json\`, of the output of \`lanewise load --json\` and of the value of \`load\`: \`lanewise/load@1\`, as JSON Schema in
[load-1.schema.json](load-1.schema.json). \`?\` marks a field that may be absent; an object of several kinds has its fields kind by kind, each after the \`kind\`, \`status\` or other field by which they differ; \`null\` means not measured or not applicable. Times are
milliseconds unless the name has another unit, rates are arrivals per second. Made from the schema by \`npm run docs:api\`.`;

const GALLERY = `# The gallery

Questions that people ask about real work, each answered by a measurement: the libraries are those of npm, the code is in
[examples/gallery](../examples/gallery), and \`npm run gallery\` measures all of it on your machine. An answer holds for its machine, its
versions and its sizes; a rule of thumb is what people are usually advised. A speedup is that of a
typical batch, estimated repetition by repetition: not the ratio of two medians in the table, and the batch is that of
all tasks at once. Made from the reports by \`npm run docs:api\`.`;

/** Exports whose name alone does not show what they belong to. */
const EXAMPLES = {
  defineStrategy: 'strategies/turn-by-turn.js',
  poolStrategy: 'strategies/tinypool-threads.js',
  answer: 'strategies/lanes/thread.js',
  ProcessPool: 'api/process-pool.js',
};

/** Examples by function: that of `renderHtml` is `api/render-html.js`. */
function readExamples(): ReadonlyMap<string, Example> {
  const named = readdirSync(join(ROOT, 'examples', 'api')).map((file) => [
    basename(file, '.js').replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase()),
    `api/${file}`,
  ]);
  const files = { ...(Object.fromEntries(named) as Readonly<Record<string, string>>), ...EXAMPLES };
  return new Map(
    Object.entries(files).map(([name, file]) => [
      name,
      { file, text: readFileSync(join(ROOT, 'examples', file), 'utf8') },
    ]),
  );
}

const STYLE = JSON.parse(readFileSync(join(ROOT, '.oxfmtrc.json'), 'utf8')) as FormatConfig;

async function update(page: string, text: string, isChecked: boolean): Promise<void> {
  const path = join(ROOT, 'docs', page);
  const { code: written, errors } = await format(path, text, { ...STYLE, proseWrap: 'always' });
  if (errors.length > 0) throw new Error(`docs/${page}: ${errors.map(({ message }) => message).join('; ')}`);
  if (!isChecked) return writeFileSync(path, written);
  if (readFileSync(path, 'utf8') === written) return;
  process.stderr.write(`docs/${page} is out of date: run npm run docs:api.\n`);
  process.exitCode = 1;
}

async function main(): Promise<void> {
  const values = scriptOptions({ check: false });
  const entryPoints = readApi(ROOT);
  const sources = join(ROOT, 'src', 'options');
  const tabled = new Map([
    ['Settings', fieldsOf('run', 'code', sources)],
    ['RunConfig', fieldsOf('run', 'file', sources)],
    ['TuneSettings', fieldsOf('tune', 'code', sources)],
    ['LoadSettings', fieldsOf('load', 'code', sources)],
    ['LessonsSettings', fieldsOf('lessons', 'code', sources)],
  ]);
  const api = writePage({ entryPoints, examples: readExamples(), tabled });
  await update('api.md', `${API}\n\n${api}\n`, values.check);
  await update('cli.md', `${CLI}\n\n${await writeCliPage()}\n`, values.check);
  await update('results.md', `${RESULTS}\n\n${writeResultsPage(resultsSchema)}\n`, values.check);
  await update('load-results.md', `${LOAD_RESULTS}\n\n${writeResultsPage(loadSchema)}\n`, values.check);
  const works = await Promise.all((await readWorks()).map(readShown));
  await update('gallery.md', `${GALLERY}\n\n${writeGalleryPage(works)}\n`, values.check);
  for (const name of undocumented(entryPoints)) {
    process.stderr.write(`${name} has no docstring: add one.\n`);
    process.exitCode = 1;
  }
}

await main();
