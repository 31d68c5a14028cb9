import { describe, expect, it } from 'vitest';
import { optionsOf, spelled } from '../../dist/src/options/table.js';
import { useCommands } from '../support/lanewise.js';
import { useTempFolder } from '../support/temp-folder.js';

const folder = useTempFolder();
const run = useCommands(folder);
const COMMANDS = ['run', 'tune', 'compare', 'report', 'doctor', 'lessons', 'list', 'init'] as const;

describe('wrong usage', () => {
  it.each([
    [['run', 'prime'], 'Unknown workload "prime". Did you mean "primes"?'],
    [['run', '-s', 'threads'], 'Unknown strategy "threads".'],
    [['run', '--pool-sizes', '2'], 'Unknown flag "--pool-sizes". Did you mean "--pool-size"?'],
    [['run', 'gzip', '--param', 'byte=1'], 'Unknown param "byte": gzip takes bytes. Did you mean "bytes"?'],
    [['run', 'gzip', '--param', 'bytes=x'], 'The param "bytes" of gzip is a number'],
    [['run', '-p', '0'], '"0" is no pool size'],
    [['run', '-p', '1.5'], '"1.5" is no pool size'],
    [['run', '-p', '-1'], '"-1" is no pool size'],
    [['run', '-p', 'abc'], '"abc" is no pool size'],
    [['run', '-c', '0'], '"0" is no number of tasks in flight'],
    [['run', '-n', '0'], '"0" cannot be used for --tasks'],
    [['run', '--blocks', '2'], '2 blocks cannot decide the 7 comparisons of primes'],
    [['run', '--preset', 'fast'], 'Unknown preset "fast".'],
    [['run', '--min-effect', '200%'], '"200%" is no smallest effect'],
    [['run', '--timeout', 'soon'], '"soon" is no duration'],
    [['run', '--atomics', 'on'], '"on" is no way for an idle worker to wait'],
    [['run', '--baseline', 'event-loop', '-s', 'sequential'], 'is not among the strategies asked for'],
    [['run', '--format', 'pdf'], 'Unknown format "pdf".'],
    [['run', '--input', '{n}', './x.mjs'], 'What --input was given is not JSON'],
    [['run', '--blocks'], 'The flag --blocks needs a value'],
    [['run', './missing.mjs'], 'There is no file ./missing.mjs'],
    [['run', '--out', '/dev/null/x', 'noop'], 'Cannot write to /dev/null/x'],
    [['rum'], 'Unknown command "rum". Did you mean "run"?'],
    [['primes'], 'Unknown command "primes". To measure a workload or a module: lanewise run primes'],
    [['run', '--pool', '2'], 'Unknown flag "--pool". Did you mean "--pool-size"?'],
    [['run', '--threads', '2'], 'Unknown flag "--threads". Did you mean "--pool-size"?'],
    [['run', '-o', 'x'], 'Unknown flag "-o". Did you mean "--out"?'],
    [['run', '--io'], 'Unknown flag "--io". "lanewise run --help-all" shows them all.'],
    [['run', '-t', '2'], 'Unknown flag "-t". "lanewise run --help-all"'],
    [['lessons', 'gather'], 'Unknown lesson "gather". Did you mean "gather-many"?'],
    [[], 'Which command?'],
    [['report'], '"lanewise report" needs an argument'],
    [['run', '--out', ''], 'The flag --out needs a folder'],
    [['run', '-n', '99999999999'], '"99999999999" cannot be used for --tasks: give a whole number from 1 to 1000000'],
    [['run', '--timeout', '9999999999s'], '"9999999999s" is no duration'],
    [['run', './'], './ is a folder'],
    [['report', 'missing.json'], 'Cannot read missing.json'],
    [['compare', 'missing.json', 'missing.json'], 'Cannot read missing.json'],
    [['compare', 'one.json'], '"lanewise compare" needs an argument'],
    [
      ['compare', 'a.json', 'b.json', '--fail-on', 'faster'],
      'Invalid --fail-on "faster": use slower, slower:10% or never.',
    ],
    [['compare', 'a.json', 'b.json', '--fail-on', 'slower:ten'], 'Invalid --fail-on "slower:ten"'],
    [['compare', 'a.json', 'b.json', '--min-effect', '0'], '"0" is no smallest effect'],
    [['run', 'noop', '--predict', '0'], '"0" is no pool size'],
    [
      ['run', 'noop', '--predict-cores', '8'],
      '--predict-cores says for which machine pools are predicted: it needs --predict',
    ],
    [['run', 'noop', '-s', 'event-loop', '--predict', '8'], 'Nothing can be predicted without a pool'],
    [['run', 'noop', '-s', 'worker-threads', '-c', '4', '--predict', '8'], 'Nothing can be predicted without a pool'],
    [['tune'], '"lanewise tune" needs an argument'],
    [['tune', 'noop', 'echo'], 'Unexpected argument "echo": "lanewise tune --help"'],
    [['tune', '{noop,echo}'], 'A setting is for one kind of work, and "{noop,echo}" stands for several'],
    [['run', 'noop', '-s', 'event-loop@8'], 'For at most 8 tasks at once: --strategy event-loop@1x8.'],
    [['tune', 'noop', '--current', '8 threads'], 'Invalid --current "8 threads". A configuration is'],
    [
      ['tune', 'noop', '--current', 'worker-threads'],
      '--current "worker-threads" does not say how many workers: write --current worker-threads@4',
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
    [['tune', 'noop', '--current', 'worker-threads@2xmany'], '"many" is no number of tasks in flight'],
    [
      ['tune', 'noop', '--for', 'speed'],
      '"speed" is nothing to tune for. --for takes: throughput, latency, responsiveness, memory.',
    ],
    [['tune', 'noop', '--max-memory', '512'], '"512" is no amount of memory: give it with its unit'],
    [['tune', 'noop', '--max-pool-size', '0'], '"0" cannot be used for --max-pool-size'],
    [['tune', 'noop', '--min-throughput', '110%'], '"110%" cannot be used for --min-throughput'],
    [['tune', 'noop', '-p', '4,8', '--max-pool-size', '2'], 'no pool size of 4, 8 is within --max-pool-size 2.'],
    [['tune', 'noop', '--blocks', '3'], '3 blocks cannot decide the 5 comparisons of noop'],
    [['tune', 'gzip', '--param', 'bytes=1,2'], 'A setting is for one kind of task: give --param bytes one value'],
    [
      ['tune', 'noop', '--node', 'node', '--node', 'node'],
      'A setting is for one Node: give --node and --node-option once',
    ],
    [['tune', 'noop', '--node', './no-such-node'], './no-such-node cannot be used'],
    [['tune', 'noop', '-p', '1..30'], 'at most 48 can be compared with each other'],
    [['doctor', '--fact'], 'Unknown flag "--fact". Did you mean "--facts"?'],
    [['run', 'primes', 'noop', 'echo', '--versus'], '--versus compares two versions of one workload, and 3 were given'],
    [['run', '--versus', '--fail-on', 'never-ever'], 'Invalid --fail-on "never-ever"'],
    [
      ['run', '--fail-on', 'slower'],
      '--fail-on sets when a comparison fails: it needs --versus, --versus-ref or --against.',
    ],
    [['run', '--force'], 'it needs --against.'],
    [['run', 'a.js', 'b.js', '--versus', '--against', 'x.json'], 'Give either --versus, --versus-ref or --against'],
    [['lessons', 'gather-man'], 'Unknown lesson "gather-man". Did you mean "gather-many"?'],
    [['lessons', ''], 'Unknown lesson "".'],
    [['lessons', '--unit', '0'], 'A second of the tutorial cannot take 0: give --unit from 20ms'],
    [['lessons', '--unit', '5ms'], 'A second of the tutorial cannot take 5ms'],
    [['lessons', '--unit', '40'], 'Is --unit 40 in milliseconds or in seconds? Give 40ms or 40s.'],
    [['lessons', '--lang', 'fr'], 'There are no lessons in "fr": give --lang en or --lang pt.'],
    [['lessons', '--seed', '1.5'], '"1.5" cannot be used for --seed'],
    [['lessons', '--code'], 'Which lesson? --code is for one'],
    [['lessons', 'one-fails', '--from', 'mine.mjs'], 'There is no file mine.mjs'],
    [['lessons', '--format', 'csv'], 'Unknown format "csv". There are: html, md, json.'],
    [['run', 'noop', '--no-out'], 'Invalid --no-out: --out takes a value. Leave it out.'],
    [
      ['run', './missing.mjs', '--wait', '--no-lock'],
      'Give either --wait or --no-lock: a run either waits for another or does not.',
    ],
    [['tune', './missing.mjs', '--format', 'pdfs'], 'Unknown format "pdfs".'],
  ])('%j is one sentence with the remedy, exit 2, before anything is started', async (args, sentence) => {
    const told = await run(args);
    expect(told.stderr).toContain(sentence);
    expect(told.stderr.trim().split('\n')).toHaveLength(1);
    expect(told.stdout).toBe('');
    expect(told.status).toBe(2);
  });

  it.each([
    ['syntax.mjs', 'export default (', 'cannot be loaded: on import it threw SyntaxError'],
    ['no-default.mjs', 'export const task = () => 1', 'is no workload: it has no default export'],
    ['throws.mjs', 'throw new Error("at the door")', 'on import it threw Error: at the door'],
    ['exits.mjs', 'process.exit(4)', 'on import the process ended with exit code 4'],
    ['wrong.mjs', 'export default { task() {}, bound: "disk" }', "`bound` must be 'cpu', 'io' or 'mixed'"],
    ['needs.mjs', 'import "./not-there.mjs"; export default () => 1', 'on import it threw Error: Cannot find module'],
  ])('a module %s that is no good is told in the same way', async (name, source, sentence) => {
    await folder.file(name, source);
    const told = await run(['run', `./${name}`]);
    expect(told.stderr).toContain(sentence);
    expect(told.stderr.trim().split('\n')).toHaveLength(1);
    expect(told.status).toBe(2);
  });
});

describe('results that cannot be read', () => {
  it.each([
    ['cut.json', '{"schema": "lanewise/res', 'cut.json is not JSON, or was cut off'],
    ['other.json', '{"schema": "lanewise/results@9"}', 'its schema is "lanewise/results@9", not "lanewise/results@1"'],
    ['edited.json', '{"schema": "lanewise/results@1", "complete": "yes"}', 'edited.json is not as Lanewise wrote it'],
  ])('%s is told with what is wrong', async (name, text, sentence) => {
    await folder.file(name, text);
    const told = await run(['report', name]);
    expect(told.stderr).toContain(sentence);
    expect(told.status).toBe(2);
  });
});

describe('help', () => {
  it('shows the commands, with examples', async () => {
    const told = await run(['--help']);
    expect(told.status).toBe(0);
    for (const word of ['Examples:', ...COMMANDS.map((name) => `lanewise ${name}`)])
      expect(told.stdout).toContain(word);
  });

  it.each([[[]], ...COMMANDS.map((name) => [[name]])])('of %j fits a screen of 80 by 40', async (command) => {
    const lines = (await run([...command, '--help'])).stdout.trimEnd().split('\n');
    expect(lines.length).toBeLessThanOrEqual(40);
    for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(80);
    expect((await run(['help', ...command])).stdout.trimEnd().split('\n')).toEqual(lines);
  });

  it.each(COMMANDS)('of %s has every option when all are asked for, by group', async (command) => {
    const { stdout } = await run([command, '--help-all']);
    const options = optionsOf(command).filter(([, { isPositional }]) => isPositional !== true);
    for (const [name, option] of options) expect(stdout).toMatch(new RegExp(`^ .*${spelled(name, option)}\\b`, 'm'));
    for (const line of stdout.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
  });
});

describe('lanewise list', () => {
  it('shows all workloads and strategies, as text and as JSON', async () => {
    const told = await run(['list', '--json']);
    const { workloads, strategies } = JSON.parse(told.stdout) as {
      workloads: { name: string }[];
      strategies: { name: string }[];
    };
    expect(workloads).toHaveLength(15);
    expect(strategies).toHaveLength(6);
    const text = await run(['list']);
    for (const { name } of [...workloads, ...strategies]) expect(text.stdout).toContain(name);
  });
});
