/** Generators of input for everything that reads. */
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import type { CommandName } from '../../../src/options/option.ts';
import { flagOf, optionsOf } from '../../../src/options/table.ts';
import { frameOf } from '../../../workers/frames.ts';
import { anyJson, awkwardText, damaged, mutated } from './mutate.ts';

/** Files, plain and packed, damaged before or after packing. */
export function damagedFiles(texts: readonly string[]): fc.Arbitrary<Buffer> {
  const files = texts.flatMap((text) => [Buffer.from(text), gzipSync(text)]);
  return fc.oneof(
    fc.constantFrom(...files).chain(damaged),
    fc.uint8Array({ maxLength: 1000 }).map((bytes) => Buffer.from(bytes)),
    awkwardText.map((text) => Buffer.from(text)),
    fc
      .tuple(fc.constantFrom('[', '{"a":', '"', '\\', ' '), fc.nat(200_000))
      .map(([text, times]) => gzipSync(text.repeat(times))),
  );
}

export function samplesOf(samples: string): fc.Arbitrary<Buffer> {
  return fc.oneof(
    { weight: 2, arbitrary: fc.constant(Buffer.from(samples)) },
    { weight: 1, arbitrary: damaged(Buffer.from(samples)) },
  );
}

const COMMANDS: readonly CommandName[] = ['run', 'tune', 'compare', 'report', 'doctor', 'lessons', 'list', 'init'];
export const OPTIONS = COMMANDS.flatMap(optionsOf);

/** Parts of option values: durations, sizes, lists, ranges, params, configurations. */
const piece = fc.oneof(
  fc.constantFrom(
    '1',
    '4',
    '0',
    '100',
    '1e9',
    '999999999999',
    '0.5',
    '5%',
    '500ms',
    '60s',
    '2m',
    '512MiB',
    '2GB',
    '..',
    '..',
    ',',
    '=',
    '@',
    'x',
    'all',
    ':',
  ),
  fc.constantFrom(
    'event-loop',
    'worker-threads',
    'child-processes',
    'slower',
    'never',
    'throughput',
    'html',
    'n',
    '{"n":1}',
    './a.js',
  ),
  fc.nat().map(String),
);
const optionText = fc.oneof(
  { weight: 3, arbitrary: fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join('')) },
  { weight: 1, arbitrary: awkwardText },
);
export const flags = fc.tuple(fc.nat(), fc.array(optionText, { minLength: 1, maxLength: 3 }));

const SETTINGS = OPTIONS.filter(([, { marks }]) => marks.includes('file')).map(([name]) => name);
const setting = fc.tuple(
  fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...SETTINGS) }, { weight: 1, arbitrary: awkwardText }),
  fc.oneof(anyJson, optionText, fc.nat(), fc.boolean(), fc.array(fc.oneof(optionText, fc.nat()), { maxLength: 3 })),
);
const settings = fc.array(setting, { maxLength: 4 }).map((entries): unknown => Object.fromEntries(entries));
export const configurations = fc.oneof(
  { weight: 4, arbitrary: settings },
  {
    weight: 2,
    arbitrary: fc
      .tuple(settings, fc.oneof(fc.dictionary(awkwardText, settings, { maxKeys: 2 }), anyJson))
      .map(([own, suites]): unknown => Object.assign({}, own, { suites })),
  },
  { weight: 1, arbitrary: anyJson },
);

export const nameOfWorkload = fc.oneof(
  fc.constantFrom('primes', '*', 'http*', '{a,b}', './task.js#work', 'pkg/worker'),
  awkwardText,
);

export const inputFiles = fc.tuple(
  fc.constantFrom('.json', '.ndjson', '.jsonl', '.txt', ''),
  fc.oneof(
    fc
      .array(anyJson, { maxLength: 5 })
      .map((values) => Buffer.from(values.map((value) => JSON.stringify(value)).join('\n'))),
    fc.array(anyJson, { maxLength: 5 }).chain((values) => damaged(Buffer.from(JSON.stringify(values)))),
    fc.array(anyJson, { maxLength: 5 }).map((values) => Buffer.from(`\uFEFF${JSON.stringify(values)}`, 'utf16le')),
    fc.uint8Array({ maxLength: 1000 }).map((bytes) => Buffer.from(bytes)),
    awkwardText.map((text) => Buffer.from(text)),
  ),
);

/** Token that sender and reader know. */
export const TOKEN = 0x6c616e65;

const frame = anyJson.map((value) => frameOf([value], TOKEN));
/** The beginning of a frame with any content, of the stated length or not. */
const anyFrame = fc
  .tuple(fc.nat(3), fc.oneof(fc.nat(200), fc.nat(2 ** 32 - 1)), fc.uint8Array({ maxLength: 200 }))
  .map(([kind, length, body]) => {
    const header = Buffer.alloc(9);
    header.writeUInt32LE(TOKEN, 0);
    header[4] = kind;
    header.writeUInt32LE(length, 5);
    return Buffer.concat([header, body]);
  });
const pipeBytes = fc.oneof(
  { weight: 4, arbitrary: frame },
  { weight: 2, arbitrary: frame.chain(damaged) },
  { weight: 2, arbitrary: anyFrame },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes)) },
);
/** Bytes from a pipe, split at random positions. */
export const piped = fc
  .tuple(
    fc.array(pipeBytes, { minLength: 1, maxLength: 5 }),
    fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 20 }),
  )
  .map(([parts, sizes]) => {
    const bytes = Buffer.concat(parts);
    const pieces: Buffer[] = [];
    for (let from = 0, turn = 0; from < bytes.length; turn += 1) {
      const to = from + (sizes[turn % sizes.length] ?? 1);
      pieces.push(bytes.subarray(from, to));
      from = to;
    }
    return pieces;
  });

/** One reply of a host of each kind. */
const HOST_REPLIES = [
  { kind: 'booted' },
  { kind: 'began', task: 0 },
  { kind: 'warmed', digests: ['1', null], lanesWarmed: 2, doubts: [{ kind: 'memoised', firstMs: 9, laterMs: 0.1 }] },
  { kind: 'underWay', tasks: [{ task: 1, lane: { kind: 'main', index: 0 } }] },
  { kind: 'failed', failure: { error: { name: 'Error', message: 'no' }, task: 0, lane: { kind: 'thread', index: 1 } } },
].map((reply) => JSON.stringify(reply));
export const hostReplies = fc.oneof({ weight: 3, arbitrary: mutated(HOST_REPLIES) }, { weight: 1, arbitrary: anyJson });

/** Options not to try: they name a file to write, or ask for colors. */
const UNTRIED = new Set(['out', 'color']);
const flagName = fc.constantFrom(
  ...(['compare', 'report'] as const).flatMap((command) =>
    optionsOf(command).flatMap(([name, option]) =>
      UNTRIED.has(name) || option.isPositional === true ? [] : [`--${flagOf(name, option)}`],
    ),
  ),
);
const word = fc
  .oneof(
    flagName,
    optionText,
    awkwardText,
    fc.tuple(flagName, optionText).map(([flag, text]) => `${flag}=${text}`),
  )
  // A system accepts no NUL in an argument, and limits its length.
  .map((text) => text.replaceAll('\0', '').slice(0, 30_000))
  .filter((text) => !/^--?(?:no-)?(?:o|out|color)\b/.test(text));
/** Commands that read results, and their further arguments. */
export const commandLines = fc.tuple(fc.constantFrom('compare', 'report'), fc.array(word, { maxLength: 2 }));
