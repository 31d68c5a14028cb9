import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { LanewiseError } from '../../dist/src/model/errors.js';
import { STRATEGY_NAMES } from '../../dist/src/model/strategies.js';
import {
  clip,
  isVisible,
  jsonText,
  mapTexts,
  oneLine,
  quote,
  readable,
  shellWord,
  visible,
  withoutPrivate,
} from '../../dist/src/model/text.js';

afterEach(() => vi.unstubAllEnvs());

/** What orders a terminal about: escape, bell, a C1 control; what turns text; what cannot be seen. */
const AWKWARD = [
  '\u001b[31m',
  '\u0007',
  '\u009b31m',
  '\u202e',
  '\u2066',
  '\u200b',
  '\u2028',
  '\ufeff',
  '\u00ad',
  '\ud800',
];

describe('a text for people', () => {
  it('has what cannot be seen written out, and nothing else', () => {
    expect(visible('a\u001b[31m\u009b\u202eb')).toBe(String.raw`a\u001b[31m\u009b\u202eb`);
    expect(visible('\u{e0067}')).toBe(String.raw`\u{e0067}`);
    expect(visible('two\n\tlines, é, 中, \u0301')).toBe('two\n\tlines, é, 中, \u0301');
    // What is written out cannot be taken for what was written so.
    expect(visible(String.raw`\u001b \n`)).toBe(String.raw`\u005cu001b \n`);
  });

  it('keeps the joiner of an emoji, and shows it anywhere else', () => {
    for (const emoji of ['👨‍👩‍👧', '🏳️‍🌈', '👩🏽‍💻']) expect(visible(emoji)).toBe(emoji);
    expect(visible('a\u200db')).toBe(String.raw`a\u200db`);
    expect(visible('👨\u200d')).toBe(String.raw`👨\u200d`);
  });

  it('is known to need nothing written out', () => {
    expect(isVisible('work 中 👨‍👩‍👧')).toBe(true);
    for (const character of AWKWARD) expect(isVisible(`a${character}b`), JSON.stringify(character)).toBe(false);
  });

  it('is one line, without what a terminal would obey', () => {
    expect(oneLine('  first \r\n\n   second\n')).toBe('first second');
    expect(oneLine(`a${AWKWARD.join('')}b`)).toBe('a[31m31mb');
  });

  it('is cut between characters', () => {
    expect(clip('😀😀', 3)).toBe('😀');
    expect(clip('ab', 3)).toBe('ab');
  });
});

describe('what a sentence quotes', () => {
  it('has at most 100 characters, and of a list or an object only what it is', () => {
    expect(quote('x')).toBe('"x"');
    expect(quote('x'.repeat(200))).toBe(`"${'x'.repeat(100)}…"`);
    expect(quote([1])).toBe('a list');
    expect(quote({ a: 1 })).toBe('an object');
    expect(quote(null)).toBe('null');
  });

  it('is cut in every sentence, except for a command that is to be typed', () => {
    const long = 'x'.repeat(200_000);
    expect(new LanewiseError('usage', `Unknown flag "--${long}". Use "--out".`).message).toBe(
      `Unknown flag "--${'x'.repeat(98)}…". Use "--out".`,
    );
    const command = `"lanewise run --resume ${'x'.repeat(4096)}"`;
    expect(new LanewiseError('usage', command).message).toBe(command);
  });

  it('makes no sentence endless, whatever it is full of, and what to do stays', () => {
    for (const unit of ['"', ' ', '😀', 'x']) {
      const { message } = new LanewiseError('usage', `Cannot read ${unit.repeat(200_000)}: no. Give a file.`);
      expect(message.length).toBeLessThanOrEqual(6000);
      expect(message).toMatch(/^Cannot read .*…\P{Cs}*: no\. Give a file\.$/u);
    }
    const { message } = new LanewiseError('usage', `Not the same machine: "${'x'.repeat(1e7)}". Measure again.`);
    expect(message).toBe(`Not the same machine: "${'x'.repeat(100)}…". Measure again.`);
  });
});

describe('a value', () => {
  it('is the same with every text in it changed, as deep as is asked for', () => {
    const value = { a: ['x', 1, null, { b: 'x' }], x: true };
    expect(mapTexts(value, (text) => text.replace('x', 'y'), 10)).toEqual({ a: ['y', 1, null, { b: 'y' }], y: true });
    expect(mapTexts({ a: { b: { c: 1 } } }, String, 2)).toEqual({ a: { b: '…' } });
  });

  it('means the same as JSON, in which nothing hides', () => {
    const value = { [AWKWARD.join('')]: AWKWARD, emoji: '👨‍👩‍👧', tag: '\u{e0067}' };
    const text = jsonText(value, 2);
    expect(JSON.parse(text)).toEqual(value);
    expect(isVisible(text.replaceAll('\n', ''))).toBe(true);
    expect(text).toContain('👨‍👩‍👧');
  });
});

describe('a secret of the environment', () => {
  it('is cut from sentences and results, if its name says that it is one and it is no word', () => {
    vi.stubEnv('MY_TOKEN', 'tok-12345');
    vi.stubEnv('AUTH_MODE', 'standard');
    vi.stubEnv('HARMLESS', 'visible-1');
    expect(oneLine('with tok-12345 and standard and visible-1')).toBe('with *** and standard and visible-1');
    expect(readable('two\ntok-12345\u001b')).toBe('two\n***\\u001b');
    expect(withoutPrivate({ id: 'w[t=tok-12345]', url: 'https://me:pw@db/x', preset: 'standard' })).toEqual({
      id: 'w[t=***]',
      url: 'https://***@db/x',
      preset: 'standard',
    });
  });

  it('is cut if it is of small letters alone, and is none of the words that results are made of', () => {
    vi.stubEnv('DB_PASSWORD', 'swordfish');
    const schema = ['results-1', 'load-1']
      .map((name) => readFileSync(new URL(`../../docs/${name}.schema.json`, import.meta.url), 'utf8'))
      .join('');
    const ofSchema = [...schema.matchAll(/"(?!description")([a-z-]{8,})"/g)].flatMap(([, word]) => word ?? []);
    const builtins = [
      'primes-cooperative',
      'password-hash',
      'password-hash-async',
      'blocking-sleep',
      'fetch-and-parse',
    ];
    const words = [...ofSchema, ...STRATEGY_NAMES, ...builtins, 'standard', 'rigorous'];
    expect(words.length).toBeGreaterThan(80);
    for (const [index, word] of words.entries()) vi.stubEnv(`A${index}_TOKEN`, word);
    for (const word of words) expect(withoutPrivate({ [word]: word })).toEqual({ [word]: word });
    expect(withoutPrivate({ swordfish: 'a swordfish' })).toEqual({ '***': 'a ***' });
  });
});

describe('a word of a command line', () => {
  it.each([
    ['./work.mjs', './work.mjs'],
    ['two words', "'two words'"],
    ["it's", String.raw`'it'\''s'`],
    [String.raw`C:\work`, String.raw`'C:\work'`],
  ])('is quoted for a POSIX shell where it needs quotation marks: %s', (word, quoted) => {
    expect(shellWord(word, 'linux')).toBe(quoted);
  });

  // By the rules of Microsoft's C runtime.
  it.each([
    [String.raw`C:\work\task.mjs`, String.raw`C:\work\task.mjs`],
    ['two words', '"two words"'],
    ['100%', '"100%"'],
    ['{"n":1}', String.raw`"{\"n\":1}"`],
    [String.raw`C:\two words`, String.raw`"C:\two words"`],
    ['C:\\two words\\', String.raw`"C:\two words\\"`],
    [String.raw`a \"b`, String.raw`"a \\\"b"`],
  ])('is quoted for the shells of Windows where it needs quotation marks: %s', (word, quoted) => {
    expect(shellWord(word, 'win32')).toBe(quoted);
  });
});
