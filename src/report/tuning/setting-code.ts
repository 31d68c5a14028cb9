import { traitsOf } from '../../model/strategies.ts';
import { present } from '../document.ts';
import { plural } from '../numbers.ts';
import { indented, paragraphs, type CodeFile, type Lines } from './code-text.ts';
import type { Deployment, MeasuredWith, Setting } from './deployment.ts';
import { inputLines } from './input-lines.ts';
import { programOf, type Program } from './program.ts';
import { queueCode } from './queue-code.ts';
import { workerFile } from './worker-file.ts';

/** Writes a configuration as files that run side by side in the working folder. */
export function settingCode(setting: Setting, where: Deployment, measured: MeasuredWith): readonly CodeFile[] {
  if (traitsOf(setting).program === 'queue') return queueCode(setting, where, measured);
  const program = programOf(setting, where, measured);
  if (program === undefined) return [ownStrategy(setting)];
  return present(
    workerFile(where, measured.params, traitsOf(setting).laneKind),
    appFile(program, setting, where, measured),
  );
}

/** A comment only: the code that makes the workers of a custom strategy is the user's own. */
function ownStrategy({ strategy, poolSize, concurrency }: Setting): CodeFile {
  const each = concurrency === 'all' ? 'all tasks at once' : `at most ${plural(concurrency, 'task')} at once in each`;
  return { name: 'app.js', text: `// ${strategy}: ${plural(poolSize, 'worker')}, ${each}` };
}

function appFile(program: Program, setting: Setting, where: Deployment, measured: MeasuredWith): CodeFile {
  const { install, imports, make, call, atMost, end } = program;
  const { top, body } = inputLines(where, measured, traitsOf(setting).laneKind === 'thread');
  const name = 'app.js';
  const start = startLine(name, setting, where, measured);
  const head = present(
    `// ${name}${start === undefined ? '' : `, started with:\n// ${start}`}`,
    install !== undefined && `// npm install ${install}`,
  ).join('\n');
  const steps = [body, make, [...runLines(call, atMost), ...end, "console.log(results.length, 'results');"]];
  const parts =
    where.format === 'esm' ? steps : [['async function main() {', ...indented(paragraphs(...steps)), '}'], ['main();']];
  return { name, text: [head, ...paragraphs([...imports, ...top], ...parts)].join('\n') };
}

/** The command line, if Node needs flags or variables. Children of a pool get their libuv threads from the pool. */
function startLine(
  app: string,
  { uvThreads, ...setting }: Setting,
  { needsTsx }: Deployment,
  { flags }: MeasuredWith,
): string | undefined {
  const uv =
    uvThreads !== undefined && traitsOf(setting).program !== 'process-pool' && `UV_THREADPOOL_SIZE=${uvThreads}`;
  // Threads and children inherit flags.
  const words = present(uv, 'node', needsTsx && '--import tsx', ...flags);
  return words.length === 1 ? undefined : [...words, app].join(' ');
}

function runLines(call: string, atMost: number | undefined): Lines {
  if (atMost === undefined) return [`const results = await Promise.all(inputs.map((input) => ${call}));`];
  if (atMost === 1) return ['const results = [];', `for (const input of inputs) results.push(await ${call});`];
  return [
    `// ${atMost} at once: each takes the next input when its previous one is done.`,
    'const results = [];',
    'const waiting = inputs.entries();',
    'async function takeTurns() {',
    '  for (const [index, input] of waiting)',
    `    results[index] = await ${call};`,
    '}',
    `await Promise.all(Array.from({ length: ${atMost} }, takeTurns));`,
  ];
}
