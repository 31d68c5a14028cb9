/** What yargs parsed, by flag; its types say nothing, so that each is looked at when it is read. */
export type Args = Readonly<Record<string, unknown>>;

export function textOf(args: Args, flag: string): string | undefined {
  const value = args[flag];
  return typeof value === 'string' ? value : undefined;
}

/** Of these flags, those that were given. */
export function textsOf<Flag extends string>(args: Args, flags: readonly Flag[]): { readonly [Name in Flag]?: string } {
  const given = flags.map((flag) => [flag, textOf(args, flag)] as const).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as { readonly [Name in Flag]?: string };
}

export function listOf(args: Args, flag: string): readonly string[] | undefined {
  const value = args[flag];
  return Array.isArray(value) && value.length > 0 ? value.map(String) : undefined;
}

export function isSet(args: Args, flag: string): boolean {
  return args[flag] === true;
}

/** Of a flag that may be given once, and was given more often: the last one counts. */
export function last(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'object' ? value.at(-1) : value;
}

/** Without the flags that were not given. */
export function defined(args: Args): Args {
  return Object.fromEntries(Object.entries(args).filter(([, value]) => value !== undefined));
}
