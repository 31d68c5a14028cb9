import type { Bound } from '../../workers/contract.ts';

export interface TemplateOptions {
  /** Without its folder. */
  readonly file: string;
  readonly name: string;
  readonly bound: Exclude<Bound, 'mixed'>;
  readonly isTypeScript: boolean;
}

interface Work {
  readonly description: string;
  readonly params: string;
  readonly input: string;
  /** The parameters of `task`, in JavaScript and TypeScript, and its lines. */
  readonly head: readonly [javaScript: string, typeScript: string];
  readonly lines: readonly string[];
}

const WORKS: Readonly<Record<TemplateOptions['bound'], Work>> = {
  cpu: {
    description: 'count the primes below a limit',
    params: '{ limit: 20_000 }',
    input: '({ index, params }) => Number(params.limit) + index',
    head: ['task(limit) {', 'task(limit: number) {'],
    lines: [
      'let primes = 0;',
      'for (let number = 2; number < limit; number++) {',
      '  let divisor = 2;',
      '  while (divisor * divisor <= number && number % divisor !== 0) divisor++;',
      '  if (divisor * divisor > number) primes++;',
      '}',
      'return primes;',
    ],
  },
  io: {
    description: 'wait for an answer',
    params: '{ ms: 20 }',
    input: '({ index }) => index',
    head: ['async task(id, { params, signal }) {', 'async task(id: number, { params, signal }) {'],
    lines: [
      '// Put your query or request here.',
      'await setTimeout(Number(params.ms), undefined, { signal });',
      'return { id };',
    ],
  },
};

/** Text of a workload that runs, with everything optional in comments. */
export function workloadTemplate({ file, name, bound, isTypeScript }: TemplateOptions): string {
  const { description, params, input, head, lines } = WORKS[bound];
  const imports = [
    ...(bound === 'io' ? ["import { setTimeout } from 'node:timers/promises';"] : []),
    ...(isTypeScript ? ["import type { WorkloadDefinition } from 'lanewise';"] : []),
  ];
  return [
    ...imports,
    ...(imports.length > 0 ? [''] : []),
    '/**',
    ' * A workload: work that Lanewise runs on the event loop, in worker threads and in child processes.',
    ' *',
    ` *   lanewise run ./${file}`,
    ' *',
    ' * Only `task` is required; the optional fields that are commented out are not needed here.',
    ...(isTypeScript ? [] : [' *', " * @type {import('lanewise').WorkloadDefinition}"]),
    ' */',
    'export default {',
    '  // What reports call it; otherwise the name of the file.',
    `  name: '${name}',`,
    "  // 'cpu', 'io' or 'mixed': a claim, checked against the measured CPU time.",
    `  bound: '${bound}',`,
    `  description: '${description}',`,
    `  // Values that can be changed and scanned: --param ${/\w+/.exec(params)?.[0]}=1,2,3.`,
    `  params: ${params},`,
    '  // Tasks per batch; doubled while a batch is too short to measure.',
    '  tasks: 16,',
    '  // Makes the input of each task, before anything is measured. `random()` is seeded: configurations get equal inputs.',
    `  input: ${input},`,
    '  // Runs once in each worker, untimed: connections, caches. Its result is `context.state`.',
    '  // setup: async ({ params, services, lane, cell }) => connect(),',
    '  // The work. Inputs and outputs are sent between threads and processes, so they must be data. Second argument:',
    '  // { params, state, services, lane, cell, signal, yieldToLoop }.',
    `  ${isTypeScript ? head[1] : head[0]}`,
    ...lines.map((line) => `    ${line}`),
    '  },',
    '  // The part of an output that must be equal in all configurations, without timestamps and random ids.',
    '  // digest: (output) => output.id,',
    '  // Buffers to transfer to worker threads, in place of copying them.',
    '  // transfer: (input) => [input.buffer],',
    '  // Runs once in each worker, when it closes.',
    '  // teardown: async (state) => state.close(),',
    `}${isTypeScript ? ' satisfies WorkloadDefinition' : ''};`,
    '',
  ].join('\n');
}
