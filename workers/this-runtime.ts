/** The runtime that this process runs on: Bun and Deno also report the version of Node that they resemble. */

/** Names of runtimes as people write them. */
export const RUNTIME_NAMES = { node: 'Node', bun: 'Bun', deno: 'Deno' } as const;

export type RuntimeName = keyof typeof RUNTIME_NAMES;

export interface ThisRuntime {
  readonly name: RuntimeName;
  /** `24.1.0`. */
  readonly version: string;
  readonly v8?: string;
}

export function isRuntimeName(name: string | undefined): name is RuntimeName {
  return name !== undefined && name in RUNTIME_NAMES;
}

/** Whether this runtime runs TypeScript by itself, by leaving out its types: Node does so since 22.18. */
export function runsTypeScript(): boolean {
  if (thisRuntime().name !== 'node') return true;
  return 'typescript' in process.features && process.features.typescript !== false;
}

/** A process that loads modules. */
export interface Loader {
  readonly runtime: ThisRuntime;
  readonly runsTypeScript: boolean;
}

export function thisLoader(): Loader {
  return { runtime: thisRuntime(), runsTypeScript: runsTypeScript() };
}

export function thisRuntime(): ThisRuntime {
  const { bun, deno, node, v8 } = process.versions;
  if (bun !== undefined) return { name: 'bun', version: bun };
  return deno === undefined ? { name: 'node', version: node, v8 } : { name: 'deno', version: deno, v8 };
}
