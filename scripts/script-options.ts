/** The options of the scripts, which are run from a clone of the repository. */
import { parseArgs, type ParseArgsConfig } from 'node:util';

/** The default of an option, of its type. A list may be given repeatedly, and `undefined` is a text without a default. */
type Default = number | string | boolean | readonly string[] | undefined;

type ValueOf<Given extends Default> = Given extends number
  ? number
  : Given extends boolean
    ? boolean
    : Given extends readonly string[]
      ? readonly string[]
      : Given extends undefined
        ? string | undefined
        : string;

type Values<Defaults extends Readonly<Record<string, Default>>> = {
  readonly [Name in keyof Defaults]: ValueOf<Defaults[Name]>;
};

/**
 * The options that a script was run with, after `--`. With `--help` the script lists all and ends; with a wrong one it
 * names that and all others, and ends with status 2.
 *
 * @throws nothing: it ends the process
 */
export function scriptOptions<const Defaults extends Readonly<Record<string, Default>>>(
  defaults: Defaults,
): Values<Defaults> {
  const read = readOptions(defaults, process.argv.slice(2));
  if ('values' in read) return read.values;
  (read.status === 0 ? process.stdout : process.stderr).write(`${read.text}\n`);
  process.exit(read.status);
}

/** The values, or the text with which the script ends. */
export function readOptions<const Defaults extends Readonly<Record<string, Default>>>(
  defaults: Defaults,
  args: readonly string[],
): { readonly values: Values<Defaults> } | { readonly text: string; readonly status: 0 | 2 } {
  const parsed = parse(defaults, args);
  if (typeof parsed === 'string') return { text: `${parsed}\n${listed(defaults)}`, status: 2 };
  if (parsed.help === true) return { text: listed(defaults), status: 0 };
  const values = Object.entries(defaults).map(([name, fallback]) => {
    const given = parsed[name];
    return [name, given === undefined ? fallback : typeof fallback === 'number' ? numberIn(given) : given] as const;
  });
  const wrong = values.find(([, value]) => Number.isNaN(value));
  if (wrong !== undefined) return { text: `--${wrong[0]}: expected a number.\n${listed(defaults)}`, status: 2 };
  return { values: Object.fromEntries(values) as Values<Defaults> };
}

type Parsed = Readonly<Record<string, unknown>>;

/** @returns a text if an option is wrong */
function parse(defaults: Readonly<Record<string, Default>>, args: readonly string[]): Parsed | string {
  const options: NonNullable<ParseArgsConfig['options']> = { help: { type: 'boolean', short: 'h' } };
  for (const [name, fallback] of Object.entries(defaults))
    options[name] = { type: typeof fallback === 'boolean' ? 'boolean' : 'string', multiple: Array.isArray(fallback) };
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (thrown) {
    if (!(thrown instanceof TypeError)) throw thrown;
    return `${/^[^.\n]*/.exec(thrown.message)?.[0]}.`;
  }
}

function numberIn(given: unknown): number {
  return typeof given === 'string' && given.trim() !== '' ? Number(given) : NaN;
}

function listed(defaults: Readonly<Record<string, Default>>): string {
  const lines = Object.entries(defaults).map(([name, fallback]) => {
    if (typeof fallback === 'boolean') return `  --${name}`;
    const text = typeof fallback === 'object' ? fallback.join(', ') : String(fallback ?? '');
    return `  --${name.padEnd(14)} ${text === '' ? '(none)' : text}`;
  });
  return ['Options, with their defaults:', ...lines].join('\n');
}
