/** Input as an attacker would write it, or as a bad disk leaves it. */
import fc from 'fast-check';

/** Text that a terminal, a page, a spreadsheet or a runner would obey, or that may break a parser. */
const AWKWARD: readonly string[] = [
  '\u001B]0;title\u0007\u001B[31m',
  '\u009B31m',
  '\u202Egnp.exe',
  '\u2066\u2028\u2029\uFEFF',
  '\uD800',
  '\r\n::error title=x::y',
  '</script><script>globalThis.pwned=1</script>',
  '"><img src=x onerror=alert(1)>',
  '````\n<iframe>',
  '[a](javascript:alert(1))',
  '=1+1',
  '@all |#1',
  '__proto__',
  'constructor',
  '../../../etc/passwd',
  'C:\\path\\x',
  '',
  '\0',
  '1e999',
  '-0',
  'NaN',
  '${1}`2`',
  '%s%n',
];

/** Characters that, repeated, make a backtracking regular expression slow. */
const REPEATED = [
  ' ',
  '\n',
  '\t',
  '`',
  '\\',
  '"',
  '-',
  '0',
  'a',
  '.',
  '/',
  '@',
  '[',
  '<',
  '#',
  '~',
  '\u0000',
  '\u202E',
  '\u{1F600}',
];
const LONGEST = 200_000;

const long = fc
  .tuple(fc.constantFrom(...REPEATED), fc.nat(LONGEST), fc.constantFrom('', 'x', '!'))
  .map(([unit, bytes, end]) => unit.repeat(Math.floor(bytes / unit.length)) + end);

/** Generates texts; few are long, since each long one takes the time of many. */
export const awkwardText: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...AWKWARD) },
  { weight: 3, arbitrary: fc.string({ unit: 'binary', maxLength: 30 }) },
  { weight: 2, arbitrary: fc.string({ unit: 'grapheme', maxLength: 30 }) },
  { weight: 1, arbitrary: long },
);

const awkwardNumber: fc.Arbitrary<number> = fc.oneof(
  fc.constantFrom(0, -0, -1, 1, 0.5, 1e308, -1e308, 5e-324, 2 ** 31, 2 ** 32, 2 ** 53, 1e21),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);

const nested = fc
  .tuple(fc.constantFrom('[', '{"a":'), fc.nat(990))
  .map(([open, depth]) => open.repeat(depth) + '0' + (open === '[' ? ']' : '}').repeat(depth))
  .map((text) => JSON.parse(text) as unknown);

/** Generates any JSON value, parsed, so that `__proto__` is an own key. */
export const anyJson: fc.Arbitrary<unknown> = fc.oneof(
  awkwardText,
  awkwardNumber,
  fc.constantFrom<unknown>(
    null,
    true,
    false,
    [],
    {},
    [{}],
    JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}'),
  ),
  fc.jsonValue({ maxDepth: 3, stringUnit: 'binary' }),
  nested,
);

/** One change of a value: where (at each level, an index into the entries), and what. */
type Mutation =
  | { readonly how: 'replace' | 'add'; readonly at: readonly number[]; readonly by: unknown }
  /** Another value of the same type, which a check of types accepts. */
  | { readonly how: 'retype'; readonly at: readonly number[]; readonly text: string; readonly number: number }
  | { readonly how: 'remove' | 'repeat'; readonly at: readonly number[] }
  /** The same value everywhere, so that references still match. */
  | { readonly how: 'rename'; readonly at: readonly number[]; readonly text: string };

const at = fc.array(fc.nat(10_000), { minLength: 1, maxLength: 8 });
const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ how: fc.constant('rename' as const), at, text: awkwardText }) },
  {
    weight: 4,
    arbitrary: fc.record({ how: fc.constant('retype' as const), at, text: awkwardText, number: awkwardNumber }),
  },
  { weight: 1, arbitrary: fc.record({ how: fc.constantFrom('replace' as const, 'add' as const), at, by: anyJson }) },
  { weight: 1, arbitrary: fc.record({ how: fc.constantFrom('remove' as const, 'repeat' as const), at }) },
);

/** Changes one of these JSON texts in a few places. Inserts copies, since another mutation may change them. */
export function mutated(bases: readonly string[]): fc.Arbitrary<unknown> {
  return fc
    .tuple(fc.constantFrom(...bases), fc.array(mutation, { maxLength: 6 }))
    .map(([text, mutations]) => mutations.reduce(change, JSON.parse(text) as unknown));
}

type Container = Record<string, unknown> | unknown[];

function change(root: unknown, { at: path, ...what }: Mutation): unknown {
  const place = placeOf(root, path);
  if (place === undefined) return what.how === 'replace' ? structuredClone(what.by) : root;
  const { holder, key } = place;
  const old = Reflect.get(holder, key) as unknown;
  switch (what.how) {
    case 'replace':
      set(holder, key, structuredClone(what.by));
      break;
    case 'retype':
      if (typeof old === 'string') set(holder, key, what.text);
      if (typeof old === 'number') set(holder, key, what.number);
      if (typeof old === 'boolean') set(holder, key, !old);
      break;
    case 'add':
      if (Array.isArray(holder)) holder.splice(Number(key), 0, structuredClone(what.by));
      else set(holder, typeof what.by === 'string' ? what.by : 'added', old);
      break;
    case 'remove':
      if (Array.isArray(holder)) holder.splice(Number(key), 1);
      else Reflect.deleteProperty(holder, key);
      break;
    case 'repeat':
      if (Array.isArray(holder)) holder.push(old);
      break;
    case 'rename':
      return typeof old === 'string' && /[a-z]{3}/i.test(old) && !/^(?:true|false|null)$/.test(old)
        ? renamed(root, old, what.text)
        : root;
    default:
      return what satisfies never;
  }
  return root;
}

/** Defines the property: assigning to `__proto__` would set the prototype. */
function set(holder: Container, key: string, value: unknown): void {
  Object.defineProperty(holder, key, { value, writable: true, enumerable: true, configurable: true });
}

function placeOf(
  root: unknown,
  path: readonly number[],
): { readonly holder: Container; readonly key: string } | undefined {
  let place: { readonly holder: Container; readonly key: string } | undefined;
  let value = root;
  for (const step of path) {
    if (typeof value !== 'object' || value === null) break;
    const keys = Object.keys(value);
    const key = keys[step % keys.length];
    if (key === undefined) break;
    place = { holder: value as Container, key };
    value = Reflect.get(value, key);
  }
  return place;
}

/**
 * Replaces it in texts and keys, or parts of them, since ids contain names. The more often it occurs, the shorter it
 * is.
 */
function renamed(root: unknown, old: string, text: string): unknown {
  const parts = JSON.stringify(root).split(insideOf(old));
  return JSON.parse(parts.join(insideOf(text.slice(0, Math.max(50, LONGEST / parts.length))))) as unknown;
}

function insideOf(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** These bytes with a few of them changed or omitted, or truncated. */
export function damaged(bytes: Buffer): fc.Arbitrary<Buffer> {
  return fc
    .tuple(fc.array(fc.tuple(fc.nat(bytes.length), fc.nat(255)), { maxLength: 4 }), fc.nat(bytes.length), fc.boolean())
    .map(([flips, end, isCut]) => {
      const copy = Buffer.from(bytes.subarray(0, isCut ? end : bytes.length));
      for (const [where, byte] of flips) if (where < copy.length) copy[where] = byte;
      return copy;
    });
}
