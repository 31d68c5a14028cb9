import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { optionsOf, spelled } from '../../dist/src/options/table.js';
import { lanewise, useCommands } from '../support/lanewise.js';
import { resultsOf } from '../support/results.js';
import { useTempFolder } from '../support/temp-folder.js';

const folder = useTempFolder();
const run = useCommands(folder);
const COMMANDS = ['run', 'tune', 'compare', 'report', 'doctor', 'lessons', 'list', 'init'] as const;

it('a shell completes the flags of a command, which begin with what ends them elsewhere', async () => {
  const { stdout } = await run(['--get-yargs-completions', 'lanewise', 'run', '--']);
  expect(stdout.split('\n')).toEqual(expect.arrayContaining(['--strategy', '--preset']));
});

describe('wrong usage', () => {
  it.each([
    [['run', 'prime'], 'Unknown workload "prime". Did you mean "primes"?'],
    [['run', '-s', 'threads'], 'Unknown strategy "threads".'],
    [['run', '--pool-sizes', '2'], 'Unknown flag "--pool-sizes". Did you mean "--pool-size"?'],
    [['run', 'gzip', '--param', 'byte=1'], 'Unknown param "byte": gzip takes bytes. Did you mean "bytes"?'],
    [
      ['run', 'gzip', '--param', 'bytes=x'],
      'Invalid --param "bytes": that of gzip is a number [131072], and "x" is not.',
    ],
    [['run', '-p', '0'], 'Invalid --pool-size "0": expected whole numbers from 1 to 1024'],
    [['run', '-p', '1.5'], 'Invalid --pool-size "1.5": expected whole numbers from 1 to 1024'],
    [['run', '-p', '-1'], 'Invalid --pool-size "-1": expected whole numbers from 1 to 1024'],
    [['run', '-p', 'abc'], 'Invalid --pool-size "abc": expected whole numbers from 1 to 1024'],
    [['run', '-c', '0'], 'Invalid --concurrency "0": expected whole numbers from 1, or all.'],
    [['run', '-n', '0'], 'Invalid --tasks "0": expected a whole number'],
    [['run', '-s', 'event-loop,worker-threads', '--blocks', '2'], '2 blocks cannot decide the 2 comparisons of primes'],
    [['run', '--preset', 'fast'], 'Invalid --preset "fast": expected quick, standard or rigorous.'],
    [
      ['run', '--min-effect', '200%'],
      'Invalid --min-effect "200%": expected a percentage above 0% and below 100%, such as 5%.',
    ],
    [['run', '--timeout', 'soon'], 'Invalid --timeout "soon": expected a duration such as 500ms, 60s or 2m'],
    [['run', '--atomics', 'on'], 'Invalid --atomics "on": expected sync, async or disabled.'],
    [
      ['run', '--baseline', 'event-loop', '-s', 'sequential'],
      'Invalid --baseline "event-loop": it is not among the strategies.',
    ],
    [['run', '--format', 'pdf'], 'Unknown format "pdf".'],
    [['run', '--input', '{n}', './x.mjs'], 'Invalid --input: it is not JSON'],
    [['run', '--blocks'], 'The flag --blocks needs a value'],
    [['run', './missing.mjs'], 'There is no file ./missing.mjs'],
    [['run', '--out', '/dev/null/x', 'noop'], 'Cannot write to /dev/null/x'],
    [['rum'], 'Unknown command "rum". Did you mean "run"?'],
    [['rnu'], 'Unknown command "rnu". Did you mean "run"?'],
    [['run', '--quick'], 'Unknown flag "--quick". Did you mean "--preset quick"?'],
    [['primes'], 'Unknown command "primes". To measure a workload or a module: lanewise run primes'],
    [['run', '--pool', '2'], 'Unknown flag "--pool". Did you mean "--pool-size"?'],
    [['run', '--threads', '2'], 'Unknown flag "--threads". Did you mean "--pool-size"?'],
    [['run', '-o', 'x'], 'Unknown flag "-o". Did you mean "--out"?'],
    [['load', 'primes', '--machines', '1'], 'Unknown flag "--machines". It belongs to "lanewise run".'],
    [['run', 'primes', '--max-memory', '64'], 'Unknown flag "--max-memory". It belongs to "lanewise tune".'],
    [
      ['load', 'primes', '-s', 'bullmq@2~machines1'],
      'Invalid --strategy: only lanewise run measures on several machines',
    ],
    [
      ['tune', 'primes', '-s', 'bullmq@2~machines1'],
      'Invalid --strategy: only lanewise run measures on several machines',
    ],
    [['run', '--io'], `Unknown flag "--io". It belongs to "lanewise init". "lanewise run --help-all" shows them all.`],
    [['report', 'x', '--no-lock'], 'Unknown flag "--no-lock". It belongs to "lanewise run", "lanewise tune",'],
    [['run', '-t', '2'], 'Unknown flag "-t". "lanewise run --help-all"'],
    [['lessons', 'gather'], 'Unknown lesson "gather". Did you mean "gather-many"?'],
    [[], 'Which command?'],
    [['report'], 'Missing argument: lanewise report <results>. "lanewise report --help" has examples.'],
    [['completion', 'fish'], 'Unexpected argument "fish": "lanewise completion" prints a script'],
    [['run', '--out', ''], 'Invalid --out "": expected a folder'],
    [['run', '--out', '-'], 'Invalid --out "-": expected a folder. To print the results, give --json.'],
    [['run', '-n', '99999999999'], 'Invalid --tasks "99999999999": expected a whole number from 1 to 1000000'],
    [['run', '--timeout', '9999999999s'], 'Invalid --timeout "9999999999s": expected a duration'],
    [['run', './'], './ is a folder'],
    [['run', '.'], '. is a folder'],
    [['report', 'missing.json'], 'Cannot read missing.json'],
    [['compare', 'missing.json', 'missing.json'], 'Cannot read missing.json'],
    [['compare', 'one.json'], 'compare needs at least two runs: one or more earlier ones, then the later one.'],
    [
      ['compare', 'a.json', 'b.json', '--fail-on', 'faster'],
      'Invalid --fail-on "faster": expected slower, slower:10% or never.',
    ],
    [['compare', 'a.json', 'b.json', '--fail-on', 'slower:ten'], 'Invalid --fail-on "slower:ten"'],
    [['compare', 'a.json', 'b.json', '--min-effect', '0'], 'Invalid --min-effect "0"'],
    [['run', 'noop', '--predict', '0'], 'Invalid --predict "0"'],
    [['run', 'noop', '--predict-cores', '8'], '--predict-cores needs --predict, for example --predict 8,16.'],
    [['run', 'noop', '-s', 'event-loop', '--predict', '8'], 'Invalid --predict: it needs a pool'],
    [['run', 'noop', '-s', 'worker-threads', '-c', '4', '--predict', '8'], 'Invalid --predict: it needs a pool'],
    [['tune'], 'Missing argument: lanewise tune <workload>.'],
    [['load', 'http://127.0.0.1:3000/'], 'A workload is a module, not the address of a server'],
    [['tune', 'noop', 'echo'], 'Unexpected argument "echo": "lanewise tune --help"'],
    [['tune', '{noop,echo}'], 'Invalid workload "{noop,echo}": it stands for several, and tune takes one'],
    [['run', 'noop', '-s', 'event-loop@8'], 'For at most 8 tasks at once: --strategy event-loop@1x8.'],
    [['tune', 'noop', '--current', '8 threads'], 'Invalid --current "8 threads". Expected a strategy'],
    [
      ['tune', 'noop', '--current', 'worker-threads'],
      'Invalid --current "worker-threads": the number of workers is missing. Write worker-threads@4',
    ],
    [
      ['tune', 'noop', '--current', 'worker-thread@2'],
      'Invalid --current "worker-thread@2". Did you mean "worker-threads@2"?',
    ],
    [
      ['tune', 'noop', '--current', 'event-loop@4'],
      'Invalid --current "event-loop@4": event-loop has one worker, the main thread.',
    ],
    [['tune', 'noop', '--current', 'thread-per-task@2x4'], 'thread-per-task runs one task at a time in each worker'],
    [
      ['tune', 'noop', '--current', 'worker-threads@2xmany'],
      'Invalid --current "worker-threads@2xmany": expected whole numbers from 1, or all.',
    ],
    [
      ['tune', 'noop', '--for', 'speed'],
      'Invalid --for "speed": expected throughput, latency, responsiveness or memory.',
    ],
    [['tune', 'noop', '--max-memory', '512'], 'Invalid --max-memory "512": expected memory with its unit'],
    [['tune', 'noop', '--max-pool-size', '0'], 'Invalid --max-pool-size "0": expected a whole number'],
    [['tune', 'noop', '--min-throughput', '110%'], 'Invalid --min-throughput "110%"'],
    [['tune', 'noop', '-p', '4,8', '--max-pool-size', '2'], 'no pool size of 4, 8 is within --max-pool-size 2.'],
    [['tune', 'noop', '--blocks', '3'], '3 blocks cannot decide the 5 comparisons of noop'],
    [
      ['tune', 'gzip', '--param', 'bytes=1,2'],
      'Invalid --param bytes: tune takes one value. To scan it: lanewise run.',
    ],
    [
      ['tune', 'noop', '--runtime', 'node', '--runtime', 'node'],
      'Invalid --runtime or --node-option: tune takes each once',
    ],
    [['tune', 'noop', '--runtime', './no-such-node'], './no-such-node cannot be used'],
    [['tune', 'noop', '-p', '1..30'], 'at most 48 can be compared'],
    [['doctor', '--fact'], 'Unknown flag "--fact". Did you mean "--facts"?'],
    [['run', 'primes', 'noop', 'echo', '--versus'], '--versus takes two different paths, and got 3'],
    [['run', '--versus', '--fail-on', 'never-ever'], 'Invalid --fail-on "never-ever"'],
    [['run', '--fail-on', 'slower'], '--fail-on needs a comparison: --versus, --versus-ref or --against.'],
    [['run', '--force'], '--force needs --against.'],
    [['run', 'a.js', 'b.js', '--versus', '--against', 'x.json'], 'Give either --versus, --versus-ref or --against'],
    [['lessons', 'gather-man'], 'Unknown lesson "gather-man". Did you mean "gather-many"?'],
    [['lessons', ''], 'Unknown lesson "".'],
    [['lessons', '--unit', '0'], 'Invalid --unit "0": expected 20ms'],
    [['lessons', '--unit', '5ms'], 'Invalid --unit "5ms": expected 20ms'],
    [['lessons', '--unit', '40'], 'Invalid --unit "40": expected a unit: 40ms or 40s.'],
    [['lessons', '--lang', 'fr'], 'Invalid --lang "fr": expected en or pt.'],
    [['lessons', '--seed', '1.5'], 'Invalid --seed "1.5": expected a whole number'],
    [['lessons', '--code'], '--code needs one lesson, for example: lanewise lessons gather-many --code'],
    [['lessons', 'one-fails', '--from', 'mine.mjs'], 'Invalid --from "mine.mjs": no such file.'],
    [['lessons', '--format', 'csv'], 'Unknown format "csv". Use html, md, json.'],
    [['run', 'noop', '--no-out'], 'Invalid --no-out: --out takes a value. Leave it out.'],
    [['run', './missing.mjs', '--wait', '--no-lock'], 'Give either --wait or --no-lock.'],
    [['tune', './missing.mjs', '--format', 'pdfs'], 'Unknown format "pdfs".'],
  ])('%j is refused in one sentence with the remedy, exit 2, before anything starts', async (args, sentence) => {
    const result = await run(args);
    expect(result.stderr).toContain(sentence);
    expect(result.stderr.trim().split('\n')).toHaveLength(1);
    expect(result.stdout).toBe('');
    expect(result.status).toBe(2);
  });

  it.each([
    [
      'syntax.mjs',
      'export default (',
      'cannot be loaded: on import it threw SyntaxError: Unexpected end of input (line 1).',
    ],
    ['no-default.mjs', 'export const task = () => 1', 'is not a workload: it has no default export'],
    ['throws.mjs', 'throw new Error("at the door")', 'on import it threw Error: at the door'],
    ['exits.mjs', 'process.exit(4)', 'on import the process ended with exit code 4'],
    ['wrong.mjs', 'export default { task() {}, bound: "disk" }', "`bound` must be 'cpu', 'io' or 'mixed'"],
    [
      'needs.mjs',
      'import "./not-there.mjs"; export default () => 1',
      "Error: Cannot find module 'not-there.mjs' imported from needs.mjs.\n",
    ],
    ['lacks.mjs', 'import "@not/there/at/all"; export default () => 1', '. Install it: npm install @not/there.\n'],
    ['lacks.cjs', 'require("not-there.js"); module.exports = () => 1', '. Install it: npm install not-there.js.\n'],
    [
      'older.mjs',
      'require("fs"); export default () => 1',
      'you can use import instead. It is CommonJS: name it .cjs, or use `import` and `export`.\n',
    ],
  ])('an invalid module %s is refused in the same way', async (name, source, sentence) => {
    await folder.file(name, source);
    const result = await run(['run', `./${name}`]);
    expect(result.stderr).toContain(sentence);
    expect(result.stderr.trim().split('\n')).toHaveLength(1);
    expect(result.status).toBe(2);
  });
});

describe('a configuration file that ends the process', () => {
  it.each([
    [
      'process.exit(0); export default {};',
      'lanewise.config.mjs cannot be loaded: on import it ended the process with exit code 0.',
    ],
    [
      'process.exit(5); export default {};',
      'lanewise.config.mjs cannot be loaded: on import it ended the process with exit code 5.',
    ],
    [
      'setTimeout(() => process.exit(0), 100); export default { out: "out" };',
      'The process was ended before the command was done: code that it has loaded, such as a configuration file, called process.exit.',
    ],
  ])('does not pass for a measurement: %s', async (text, sentence) => {
    await mkdir(join(folder.path, 'exits'), { recursive: true });
    await folder.file(join('exits', 'lanewise.config.mjs'), text);
    const result = await lanewise(['run', 'timer', '--no-lock'], { cwd: join(folder.path, 'exits') });
    expect(result.stderr).toContain(`lanewise: ${sentence}`);
    expect(result).toMatchObject({ status: 2, stdout: '' });
  });

  it('does not take away the status of an error', async () => {
    await mkdir(join(folder.path, 'late'), { recursive: true });
    await folder.file(
      join('late', 'lanewise.config.mjs'),
      'process.on("exit", () => 0); setTimeout(() => process.exit(0), 30); export default {};',
    );
    const result = await lanewise(['run', './none.mjs'], { cwd: join(folder.path, 'late') });
    expect(result.stderr).toMatch(/^lanewise: There is no file/);
    expect(result.status).toBe(2);
    await folder.file(
      join('late', 'lanewise.config.mjs'),
      'setTimeout(() => { throw new Error("later"); }, 5); await new Promise(() => 0);',
    );
    const thrown = await lanewise(['run', './none.mjs'], { cwd: join(folder.path, 'late') });
    expect(thrown.stderr).toMatch(
      /^lanewise: Code that was loaded, such as a configuration file, threw later \(lanewise\.config\.mjs, line 1\) while nothing waited for it\.\n$/,
    );
    expect(thrown.status).toBe(2);
  });

  it.each([
    ['file URL', 'file:///a%2Fb.mjs:1:1', 'a%2Fb.mjs'],
    ['path', '/a (copy)/b.mjs:1:1', 'b.mjs'],
  ])('is named whatever the address of its frame: %s %s', async (_, address, name) => {
    await mkdir(join(folder.path, 'frames'), { recursive: true });
    const error = `Object.assign(new Error('boom'), { stack: 'Error: boom\\n    at f (${address})' })`;
    await folder.file(
      join('frames', 'lanewise.config.mjs'),
      `setTimeout(() => { throw ${error}; }, 5); await new Promise(() => 0);`,
    );
    const result = await lanewise(['run', './none.mjs'], { cwd: join(folder.path, 'frames') });
    expect(result.stderr).toContain(`threw boom (${name}, line 1) while nothing waited for it.`);
    expect(result.status).toBe(2);
  });

  it.each([
    ['throw "later"', '"later" was thrown, which is not an Error.'],
    ['Promise.reject({ code: 5 })', '{ code: 5 } was thrown, which is not an Error.'],
  ])('is named where what it throws later is no Error: %s', async (code, sentence) => {
    await mkdir(join(folder.path, 'values'), { recursive: true });
    await folder.file(
      join('values', 'lanewise.config.mjs'),
      `setTimeout(() => { ${code}; }, 5); await new Promise(() => 0);`,
    );
    const result = await lanewise(['run', './none.mjs'], { cwd: join(folder.path, 'values') });
    expect(result).toMatchObject({
      status: 2,
      stderr: expect.stringContaining(`failed while nothing waited for it: ${sentence}`),
    });
  });

  it('is named where it throws what cannot be read', async () => {
    await mkdir(join(folder.path, 'odd'), { recursive: true });
    await folder.file(join('odd', 'lanewise.config.mjs'), 'throw Object.create(null);');
    const thrown = await lanewise(['run', 'timer', '--no-lock'], { cwd: join(folder.path, 'odd') });
    expect(thrown.stderr).toMatch(/^lanewise: lanewise\.config\.mjs cannot be loaded: .*was thrown.*\n$/);
    expect(thrown.status).toBe(2);
  });

  it.skipIf(process.platform === 'win32')('is not passed over where it is a link to nowhere', async () => {
    await mkdir(join(folder.path, 'lost'), { recursive: true });
    await symlink('nowhere', join(folder.path, 'lost', 'lanewise.config.mjs'));
    const lost = await lanewise(['run', 'timer', '--no-lock'], { cwd: join(folder.path, 'lost') });
    expect(lost.stderr).toMatch(/^lanewise: .*lanewise\.config\.mjs cannot be read \(.*\), so it is not used\./);
    expect(lost.status).toBe(2);
  });

  it('prints nothing among the results', async () => {
    await mkdir(join(folder.path, 'prints'), { recursive: true });
    await folder.file(join('prints', 'lanewise.config.mjs'), 'console.log("hello"); export default { tasks: 0 };');
    const result = await lanewise(['run', 'timer', '--no-lock'], { cwd: join(folder.path, 'prints') });
    expect(result.stdout).toBe('');
    expect(result.stderr).toMatch(/^hello\n/);
  });
});

describe('results that cannot be read', () => {
  it.each([
    ['cut.json', '{"schema": "lanewise/res', 'cut.json is not JSON, or was truncated'],
    ['other.json', '{"schema": "lanewise/results@9"}', 'its schema is "lanewise/results@9", not "lanewise/results@1"'],
    [
      'edited.json',
      '{"schema": "lanewise/results@1", "complete": "yes"}',
      'edited.json does not match the schema of results',
    ],
    [
      'newer.json',
      JSON.stringify({ ...resultsOf(), extra: 1 }),
      'newer.json does not match the schema of results: /extra is a field that this Lanewise does not know;',
    ],
  ])('%s is refused with the fault', async (name, text, sentence) => {
    await folder.file(name, text);
    const result = await run(['report', name]);
    expect(result.stderr).toContain(sentence);
    expect(result.status).toBe(2);
  });
});

it.runIf(existsSync('/usr/bin/script') && process.platform === 'linux')(
  'in a terminal an error ends with the path of docs/errors.md, and elsewhere it is one sentence',
  async () => {
    const command = `'${process.execPath}' '${fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url))}' run -p 0`;
    const inTerminal = await promisify(execFile)('/usr/bin/script', ['-qec', `${command} || true`, '/dev/null']);
    expect(inTerminal.stdout).toMatch(/^lanewise: Invalid --pool-size "0": [^\n]*\nMore: .*docs\/errors\.md\r?\n$/);
    expect((await run(['run', '-p', '0'])).stderr).toMatch(/^lanewise: Invalid --pool-size "0": [^\n]*\n$/);
  },
);

describe('help', () => {
  it('shows the commands, with examples', async () => {
    const result = await run(['--help']);
    expect(result.status).toBe(0);
    for (const word of ['Examples:', ...COMMANDS.map((name) => `lanewise ${name}`)])
      expect(result.stdout).toContain(word);
  });

  it.each([[[]], ...COMMANDS.map((name) => [[name]])])('of %j fits a screen of 80 by 40', async (command) => {
    const lines = (await run([...command, '--help'])).stdout.trimEnd().split('\n');
    expect(lines.length).toBeLessThanOrEqual(40);
    for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(80);
    expect((await run(['help', ...command])).stdout.trimEnd().split('\n')).toEqual(lines);
  });

  it.each([[[]], ...COMMANDS.map((name) => [[name]])])('of %j has each example on a line, to copy', async (command) => {
    const { stdout } = await run([...command, '--help']);
    const [, examples = ''] = /^Examples:\n((?:.+\n)*)/m.exec(stdout) ?? [];
    // Words of an explanation may go on below it.
    const lines = examples.split('\n').filter((line) => /^ {2}\S/.test(line));
    // A list needs no example.
    expect(lines.length > 0).toBe(command[0] !== 'list');
    for (const line of lines) expect(line).toMatch(/^ {2}lanewise /);
  });

  it.each(COMMANDS)('of %s lists every option by group with --help-all', async (command) => {
    const { stdout } = await run([command, '--help-all']);
    const options = optionsOf(command).filter(([, { isPositional }]) => isPositional !== true);
    for (const [name, option] of options) expect(stdout).toMatch(new RegExp(`^ .*${spelled(name, option)}\\b`, 'm'));
    for (const line of stdout.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
  });
});

describe('lanewise list', () => {
  it('shows all workloads and strategies, as text and as JSON', async () => {
    const result = await run(['list', '--json']);
    const { workloads, strategies } = JSON.parse(result.stdout) as {
      workloads: { name: string }[];
      strategies: { name: string }[];
    };
    expect(workloads).toHaveLength(15);
    expect(strategies).toHaveLength(8);
    const text = await run(['list']);
    for (const { name } of [...workloads, ...strategies]) expect(text.stdout).toContain(name);
  });
});
