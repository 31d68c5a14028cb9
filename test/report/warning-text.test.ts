import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Warning } from '../../dist/src/model/results.js';
import { isAboveVerdict, warningText, warningTexts } from '../../dist/src/report/warning-text.js';
import { reportResults } from '../support/report-results.js';
import { cellOf } from '../support/results.js';

type Facts<Kind extends Warning['kind']> = Omit<Extract<Warning, { kind: Kind }>, 'kind'>;

/** What is measured, and what is said of it; whoever adds a kind of warning has to add it here. */
const SAID: { readonly [Kind in Warning['kind']]: readonly (readonly [Facts<Kind>, string])[] } = {
  'more-lanes-than-cores': [
    [
      { workload: 'w', lanes: 8, cores: 2 },
      'w: up to 8 workers on 2 CPUs. CPU-bound work gains nothing from more workers than CPUs.',
    ],
  ],
  'quota-below-cores': [
    [
      { quota: 1.5, cpus: 4 },
      'CPU limit (cgroup): 1.50 of 4 CPUs. Pools with more than 1 worker will be throttled, and their times will jump.',
    ],
    [
      { quota: 2.5, cpus: 4 },
      'CPU limit (cgroup): 2.50 of 4 CPUs. Pools with more than 2 workers will be throttled, and their times will jump.',
    ],
    [
      { quota: 0.5, cpus: 4 },
      'CPU limit (cgroup): 0.50 of 4 CPUs. Pools with more than 1 worker will be throttled, and their times will jump.',
    ],
  ],
  'smt-siblings': [
    [
      { workload: 'w', lanes: 4, physicalCores: 1 },
      'w: up to 4 workers on 1 physical core. Two workers that share a core are not twice as fast.',
    ],
  ],
  'slow-governor': [
    [
      { governor: 'powersave' },
      'CPU governor: "powersave". The clock speed changes with the load, and every time with it; "performance" keeps it constant.',
    ],
  ],
  'busy-machine': [
    [{ load: 3.456, cores: 2 }, 'Load average before the run: 3.46 on 2 CPUs. Other programs compete for the CPUs.'],
  ],
  'more-lanes-than-tasks': [
    [
      { workload: 'w', lanes: 8, tasks: 1 },
      'w: up to 8 workers for 1 task per batch, so some workers are idle. Raise --tasks.',
    ],
  ],
  'lanes-not-warmed': [
    [
      { cell: 'c', lanes: 4, warmed: 2 },
      'c: only 2 of 4 workers ran a task before the first measured batch, which may be slow. Raise --tasks.',
    ],
  ],
  'ran-again': [
    [{ cell: 'c', tasks: 2 }, 'c: the queue ran 2 tasks twice, and both runs were timed. Its times are too long.'],
  ],
  'longer-than-lock': [
    [
      { cell: 'c', taskMs: 20_000, lockMs: 30_000 },
      'c: a task took 20 s. BullMQ runs a task again if its worker blocks the event loop for as long as its lock, by default 30 s. In your program, set lockDuration to more than twice the longest task.',
    ],
  ],
  'replies-fetched': [
    [
      { cell: 'c', replies: 3, samples: 1 },
      'c: the queue did not report that 3 tasks of 1 batch were done. Their replies were fetched, and these batches took longer for it.',
    ],
  ],
  'disordered-stamps': [
    [{ cell: 'c', samples: 1 }, 'c: timestamps are out of order in 1 batch. Its latencies cannot be trusted.'],
  ],
  'failed-afterwards': [
    [
      { cell: 'c', step: 'teardown', message: 'no' },
      'c: teardown failed after a measured block (no). The numbers stand.',
    ],
    [
      { cell: 'c', step: 'timeline', message: 'no' },
      'c: recording the timeline failed after a measured block (no). The numbers stand.',
    ],
    [
      { cell: 'c', step: 'closing', message: 'no' },
      'c: closing the workers failed after a measured block (no). The numbers stand if each task waits for its work.',
    ],
  ],
  memoised: [
    [
      { cell: 'c', firstMs: 12.34, laterMs: 0.0123 },
      'c: the same input took 12.3 ms the first time and 0.0123 ms from then on. Results are probably cached, so lookups were timed: no verdict. Measure the function behind the cache, or clear the cache in each task.',
    ],
  ],
  unawaited: [
    [
      { cell: 'c', afterMs: 45.6, pending: 0, isEmpty: false },
      'c: workers kept running for 45.6 ms after the last result of a batch. The task probably does not wait for its work, so only its start was timed: no verdict. Return or await its promise.',
    ],
    [
      { cell: 'c', afterMs: 45.6, pending: 3, isEmpty: false },
      'c: workers kept running for 45.6 ms after the last result of a batch. The task probably does not wait for its work, so only its start was timed: no verdict. Return or await its promise.',
    ],
    [
      { cell: 'c', afterMs: 0, pending: 1, isEmpty: true },
      'c: 1 timer or request was pending when the last result of a batch arrived, and every output is undefined or empty. The task probably does not wait for its work, so only its start was timed: no verdict. Return or await its promise; if there is none, clear the timers that the task has set.',
    ],
    [
      { cell: 'c', afterMs: 0, pending: 3, isEmpty: true },
      'c: 3 timers and requests were pending when the last result of a batch arrived, and every output is undefined or empty. The task probably does not wait for its work, so only its start was timed: no verdict. Return or await its promise; if there is none, clear the timers that the task has set.',
    ],
  ],
  'drifting-batches': [
    [
      { cell: 'c', ratio: { estimate: 1.5, lo: 1.2, hi: 1.8 } },
      'c: batches get slower, 1.50× as long from the first to the last round of a block (95% CI, shared among the configurations, 1.20–1.80). Times, and the speedup, depend on how many batches came before: its state may grow, or the machine slows down under it. Clear what tasks keep, or compare with a run with --rounds 1.',
    ],
    [
      { cell: 'c', ratio: { estimate: 0.5, lo: 0.4, hi: 0.6 } },
      'c: batches get faster, 0.50× as long from the first to the last round of a block (95% CI, shared among the configurations, 0.40–0.60). Times depend on how many batches came before: warm-up may not be over. Measure more: --preset rigorous, or a larger --tasks.',
    ],
  ],
  'drifting-windows': [
    [
      { cell: 'c', ratio: { estimate: 1.5, lo: 1.2, hi: 1.8 } },
      'c: a task takes more CPU time the later it comes, 1.50× in the last window of a block, compared with the first (95% CI, shared among the configurations, 1.20–1.80). Rates depend on how many tasks came before: its state may grow, or the machine slows down under it. Clear what tasks keep.',
    ],
    [
      { cell: 'c', ratio: { estimate: 0.5, lo: 0.4, hi: 0.6 } },
      'c: a task takes less CPU time the later it comes, 0.50× in the last window of a block, compared with the first (95% CI, shared among the configurations, 0.40–0.60). Warm-up may not be over, so more may be held than was measured. Measure more: --preset rigorous.',
    ],
  ],
  'dominant-task': [
    [
      { workload: 'w', cell: 'c', share: 0.625, bound: 1.6 },
      'w: one task takes 62.5% of the running time of a batch, so the speedup over sequential cannot exceed 1.60×. Split that task, or raise --tasks.',
    ],
  ],
  'no-input': [
    [
      { workload: 'w' },
      'w: its task has a parameter, and no input was given, so each task got undefined and may have had nothing to do. Give one with --input or --inputs, or with `input` in the module.',
    ],
  ],
  'shared-memory': [
    [
      { workload: 'w' },
      'w: the inputs contain a SharedArrayBuffer. The tasks of a batch share it, every batch gets a fresh copy, and child processes cannot receive it.',
    ],
  ],
  'costly-digest': [
    [
      { workload: 'w', share: 0.2 },
      'w: verifying the outputs took 20% of a batch, and workers share that work while one event loop does not: no verdict. Use --verify sample, or give the workload a `digest` that picks what must be equal.',
    ],
  ],
  'left-behind': [
    [
      { workload: 'w', processes: 2 },
      'w: 2 processes started by it outlived the measurement and had to be killed; while running, they may have taken CPUs from it.',
    ],
  ],
  'strategy-left-out': [
    [
      { strategy: 's', missing: 'tinypool' },
      'The strategy s was left out: it needs the package tinypool, which is not installed (npm install tinypool).',
    ],
  ],
  'taken-cpus': [
    [
      { workload: 'w', cores: 2, freeCpus: 0.7, neededCpus: 2, loopCpus: null },
      'w: this machine had 0.70 of 2 CPUs free, and the work may use 2.00. Times and speedups depend on what other programs did: no verdict. Measure again when they are done.',
    ],
    [
      { workload: 'w', cores: 2, freeCpus: 0.7, neededCpus: 2, loopCpus: 0.61 },
      'w: this machine had 0.70 of 2 CPUs free, and the work may use 2.00; the event loop was always ready to run and got 0.61 of a CPU. Times and speedups depend on what other programs did: no verdict. Measure again when they are done.',
    ],
    [
      { workload: 'w', machine: 'b', cores: 4, freeCpus: 0.7, neededCpus: 2, loopCpus: null },
      'w: machine b had 0.70 of 4 CPUs free, and the work may use 2.00. Times and speedups depend on what other programs did: no verdict. Measure again when they are done.',
    ],
    [
      // Enough was free by then, so it is no reason.
      { workload: 'w', cores: 2, freeCpus: 1.95, neededCpus: 2, loopCpus: 0.43 },
      'w: the event loop was always ready to run and got 0.43 of a CPU. Times and speedups depend on what other programs did: no verdict. Measure again when they are done.',
    ],
    [
      { workload: 'w', cores: 2, freeCpus: null, neededCpus: 1, loopCpus: 0.61 },
      'w: the event loop was always ready to run and got 0.61 of a CPU. Times and speedups depend on what other programs did: no verdict. Measure again when they are done.',
    ],
  ],
  'withheld-flags': [
    [
      { flags: ['--inspect', '--watch'] },
      '--inspect, --watch of this environment were removed for what is measured: a debugger or watcher would be measured too, and all processes would need the same port.',
    ],
  ],
  'measured-tools': [
    [
      { tools: ['NODE_V8_COVERAGE'] },
      'NODE_V8_COVERAGE of this environment was measured with the work. Unset it to measure the work alone.',
    ],
    [
      { tools: ['dd-trace', 'nyc'] },
      'dd-trace, nyc of this environment were measured with the work. Unset them to measure the work alone.',
    ],
  ],
  'no-older-version': [
    [
      { workload: 'w', ref: 'v1', because: 'not-there' },
      'w was not measured: there is no such file at v1, so it cannot be compared.',
    ],
    [
      { workload: 'w', ref: 'v1', because: 'not-in-git' },
      'w was not measured: it is not a file of the repository, so it cannot be compared.',
    ],
  ],
  'same-version': [
    [
      { workload: 'w.js' },
      'w.js: both versions are the same file, so only what it imports can make a difference; without that, they are equal however long they are measured.',
    ],
  ],
  'little-memory': [
    [
      { workload: 'w', processes: 9, neededBytes: 900 * 2 ** 20, availableBytes: 512 * 2 ** 20, limitBytes: 2 ** 30 },
      'w: 9 processes at once may need 900 MiB of memory with a module of ordinary size, and 512 MiB are free (cgroup limit 1024 MiB). If it runs out, the kernel kills some of them: ask for fewer with -s, -p or -c.',
    ],
    [
      { workload: 'w', processes: 9, neededBytes: 900 * 2 ** 20, availableBytes: 512 * 2 ** 20, limitBytes: null },
      'w: 9 processes at once may need 900 MiB of memory with a module of ordinary size, and 512 MiB are free. If it runs out, the kernel kills some of them: ask for fewer with -s, -p or -c.',
    ],
  ],
  'limit-not-used': [
    [
      { limit: 4 },
      '--concurrency 4 applies to pools, and none was measured. For a limited event loop: --strategy event-loop@1x4.',
    ],
  ],
  'server-not-used': [
    [
      { option: '--queue-server' },
      '--queue-server applies to the strategy bullmq, which was not measured. Add it, as in -s event-loop,bullmq, or leave the option out.',
    ],
  ],
  'queues-left': [
    [
      { server: 'redis', prefix: 'lanewise_00112233aabbccdd_' },
      `Queues of this run may remain on your server: it did not remove them. With its address in LANEWISE_QUEUE_URL: redis-cli -u "$LANEWISE_QUEUE_URL" --scan --pattern 'lanewise_00112233aabbccdd_*' | xargs -r redis-cli -u "$LANEWISE_QUEUE_URL" unlink`,
    ],
    [
      { server: 'postgres', prefix: 'lanewise_00112233aabbccdd_' },
      `Queues of this run may remain on your server: it did not remove them. With its address in LANEWISE_QUEUE_URL: psql "$LANEWISE_QUEUE_URL" -Atc "select format('drop schema %I cascade;', nspname) from pg_namespace where starts_with(nspname, 'lanewise_00112233aabbccdd_')" | psql "$LANEWISE_QUEUE_URL"`,
    ],
  ],
  'shared-machine': [[{}, 'Another Lanewise was measuring at the same time, so they disturbed each other.']],
  'race-assumption': [
    [
      { workload: 'w', share: 0.125, batches: 24 },
      'w: 12.5% of 24 first batches took 1.5× their usual time or more, or two thirds of it or less, where dropping after a few starts assumes at most 10%. A dropped configuration may be as fast: name fewer with -s, and all are measured in full.',
    ],
  ],
  'taken-search': [
    [
      { workload: 'w', cores: 2, freeCpus: 0.7, neededCpus: 2 },
      'w: while rates were searched for, this machine had 0.70 of 2 CPUs free, and the work may use 2.00. The rates that were measured may lie beside those held: where an end is missing, measure again.',
    ],
  ],
  'noisy-blocks': [
    [
      { workload: 'w', blocks: 10, hit: 2, repeated: 1, left: 1 },
      'w: 2 of 10 blocks disturbed by other programs; 1 measured again, 1 of the disturbed ones left. Intervals are wider than on a quiet machine.',
    ],
    [
      { workload: 'w', blocks: 10, hit: 3, repeated: 3, left: 0 },
      'w: 3 of 10 blocks disturbed by other programs; 3 measured again, none of the disturbed ones left. Intervals are wider than on a quiet machine.',
    ],
    // Of a load whose driver was late.
    [
      { workload: 'w', blocks: 8, hit: 1, repeated: 1, left: 1, refused: 1 },
      'w: 1 of 8 blocks disturbed by other programs, or by requests not sent as planned; 1 measured again, 1 of the disturbed ones left. Intervals are wider than on a quiet machine. Fewer windows are refused with a longer --objective.',
    ],
    // Of a run that was interrupted before it had counted them.
    [
      { workload: 'w', blocks: 5, hit: 0, repeated: 0, left: 1 },
      'w: 1 of 5 blocks disturbed by other programs; 0 measured again, 1 of the disturbed ones left. Intervals are wider than on a quiet machine.',
    ],
  ],
  'short-batch': [
    [
      { cell: 'c', wallMs: 1.5 },
      'c: a batch takes only 1.50 ms, so noise and overhead weigh heavily. Raise --tasks or the work of a task.',
    ],
  ],
  'bound-not-seen': [
    [
      { workload: 'w', cell: 'c', bound: 'io', cpusUsed: 1 },
      "w declares `bound: 'io'` but used 1.00 CPUs on the event loop; it looks CPU-bound.",
    ],
    [
      { workload: 'w', cell: 'c', bound: 'cpu', cpusUsed: 0.05 },
      "w declares `bound: 'cpu'` but used 0.050 CPUs on the event loop; it looks I/O-bound.",
    ],
  ],
  'unequal-work': [
    [
      { workload: 'w', cells: ['a', 'b', 'a'], task: 2 },
      'w: a and b returned different outputs for task 3, so they are not compared. If that is intended: --verify off.',
    ],
  ],
};

describe('a warning', () => {
  const all = Object.entries(SAID).flatMap(([kind, examples]) =>
    examples.map(([facts, sentence]) => ({ warning: { kind, ...facts } as Warning, sentence })),
  );

  it.each(all)('has a sentence with its meaning: $warning', ({ warning, sentence }) => {
    expect(warningText(warning)).toBe(sentence);
  });

  it('names configurations in words, and the value of a scan that it is about, the default value too', () => {
    const results = reportResults([
      { workload: 'hash', params: { kb: 1, salt: 2 } },
      { workload: 'hash', params: { kb: 64, salt: 2 }, title: 'hash[kb=64]' },
    ]);
    const noisy = { kind: 'noisy-blocks', workload: 'hash', blocks: 10, hit: 1, repeated: 1, left: 1 } as const;
    const texts = warningTexts(
      [
        { ...noisy, params: { kb: 1, salt: 2 } },
        { ...noisy, params: { kb: 64, salt: 2 } },
        { kind: 'disordered-stamps', cell: 'hash[kb=64]/worker-threads@2', samples: 1 },
        { kind: 'disordered-stamps', cell: 'hash/event-loop', samples: 1 },
        { kind: 'disordered-stamps', cell: 'unknown', samples: 1 },
        {
          kind: 'unequal-work',
          workload: 'hash',
          params: { kb: 64, salt: 2 },
          cells: ['hash[kb=64]/event-loop', 'hash[kb=64]/worker-threads@2'],
          task: 0,
        },
      ],
      results,
    );
    expect(texts.map((text) => text.split(': ')[0])).toEqual([
      'hash[kb=1]',
      'hash[kb=64]',
      'hash[kb=64] with 2 worker threads',
      'hash[kb=1] on the event loop',
      'unknown',
      'hash[kb=64]',
    ]);
    expect(texts[5]).toContain('the event loop and 2 worker threads returned');
  });

  it('about short batches is one sentence for all workloads, with each time', () => {
    const results = reportResults([{ workload: 'first' }, { workload: 'second' }]);
    const short = { kind: 'short-batch', cell: 'first/event-loop', wallMs: 1.25 } as const;
    const other = { ...short, cell: 'second/worker-threads@2', wallMs: 0.5 };
    const loaded = { kind: 'busy-machine', load: 3, cores: 2 } as const;
    expect(warningTexts([short, loaded, other], results)).toEqual([
      'Batches are so short that noise and overhead weigh heavily: first on the event loop (1.25 ms), second with 2 worker threads (0.500 ms). Raise --tasks or the work of a task.',
      warningText(loaded),
    ]);
    expect(warningTexts([other], results)).toEqual([
      'second with 2 worker threads: a batch takes only 0.500 ms, so noise and overhead weigh heavily. Raise --tasks or the work of a task.',
    ]);
  });

  it('about a short batch names what keeps it short, if anything takes long for so few tasks', () => {
    const results = reportResults([{ workload: 'first' }, { workload: 'second' }]);
    const slow = cellOf({ id: 'first/process-per-task@2', wallsMs: [600, 600, 600], workload: 'first' });
    const about = (cell: string): readonly string[] =>
      warningTexts([{ kind: 'short-batch', cell, wallMs: 1 }], { ...results, cells: [...results.cells, slow] });
    expect(about('first/event-loop')).toEqual([
      'first on the event loop: a batch takes only 1.00 ms, so noise and overhead weigh heavily. Raise --tasks or the work of a task, and leave out what then takes too long (-s).',
    ]);
    expect(about('second/event-loop')[0]).toContain('the work of a task.');
  });

  it('is shown above a verdict that would be misread without it', () => {
    const above = [...new Set(all.map(({ warning }) => warning).filter(isAboveVerdict))].map(({ kind }) => kind);
    expect([...new Set(above)]).toEqual([
      'memoised',
      'unawaited',
      'drifting-batches',
      'drifting-windows',
      'dominant-task',
      'no-input',
      'costly-digest',
      'taken-cpus',
      'same-version',
      'unequal-work',
    ]);
  });
});

const withoutNumbers = (text: string): string => text.replaceAll(/\d+(?:\.\d+)?/g, '#');

/** Messages of warnings in docs/errors.md, each as the texts between its `…`, which stand for anything. */
function documentedMessages(): readonly (readonly string[])[] {
  const page = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8').replaceAll(/\s+/g, ' ');
  const warnings = page.slice(page.indexOf('## Warnings that withhold the verdict'), page.indexOf('## Interrupted'));
  const quoted = [...warnings.matchAll(/(?<!`)(``?)(?!`)(.+?)(?<!`)\1(?!`)/g)].map(([, , text = '']) => text.trim());
  // Other quotes are flags, files and commands.
  return quoted
    .filter((text) => /[.,…]$/.test(text) && / \S+ /.test(text))
    .map((text) => withoutNumbers(text).split('…'));
}

/** Whether a sentence has these texts, in this order. */
function hasInOrder(sentence: string, parts: readonly string[]): boolean {
  let at = 0;
  return parts.every((part) => {
    const found = sentence.indexOf(part, at);
    at = found + part.length;
    return found !== -1;
  });
}

it.each(Object.entries(SAID))('docs/errors.md quotes the message of the warning %s', (_kind, examples) => {
  const messages = documentedMessages();
  const sentences = examples.map(([, sentence]) => withoutNumbers(sentence));
  expect(
    sentences.some((sentence) => messages.some((parts) => hasInOrder(sentence, parts))),
    sentences[0],
  ).toBe(true);
});
