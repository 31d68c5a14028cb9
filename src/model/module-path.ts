import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A module as given: `./worker.js`, `./worker.js#resize` for one of its exports, a file URL, `some-package/worker`. */
export interface ModulePath {
  /** A path, or a package specifier. */
  readonly path: string;
  /** Undefined: the default export. */
  readonly exportName?: string;
}

export function parseModulePath(asked: string): ModulePath {
  // In a URL, a number sign of the path is written %23.
  if (asked.startsWith('file:')) {
    const name = decodeURIComponent(new URL(asked).hash.slice(1));
    return { path: fileURLToPath(asked), ...(name !== '' && { exportName: name }) };
  }
  const at = asked.lastIndexOf('#');
  // A file name may contain one.
  if (at <= 0 || existsSync(resolve(asked))) return { path: asked };
  return { path: asked.slice(0, at), exportName: asked.slice(at + 1) };
}

/** The ending with which a module is there under this path, as CommonJS looks for it; undefined: with none. */
export function endingAt(path: string): string | undefined {
  return ['.js', '.mjs', '.cjs', '.ts', '.mts', '.cts'].find((one) => existsSync(`${path}${one}`));
}

/** Whether it is a package specifier (`some-package/worker`, `@scope/some-package`), not the path of a file. */
export function isPackagePath(path: string): boolean {
  return /^(?:@[\w.~-]+\/)?[\w~-][\w.~-]*(?:\/[^\\]*)?$/.test(path) && !existsSync(resolve(path));
}

/** Whether it is a path: it is a folder's, has a separator or a JavaScript or TypeScript ending, which no name has. */
export function isPath(asked: string): boolean {
  return /[/\\]|^\.{1,2}$|^file:|\.[cm]?[jt]sx?(?:#|$)/.test(asked);
}
