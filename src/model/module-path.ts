import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A module as a user names it: `./worker.js`, `./worker.js#resize` for one of its exports, a file URL, `some-package/worker`. */
export interface ModulePath {
  /** A path, or what a package is imported by. */
  readonly path: string;
  /** Undefined: the default export. */
  readonly exportName?: string;
}

export function parseModulePath(asked: string): ModulePath {
  // In a URL a number sign of the path is written %23.
  if (asked.startsWith('file:')) {
    const name = decodeURIComponent(new URL(asked).hash.slice(1));
    return { path: fileURLToPath(asked), ...(name !== '' && { exportName: name }) };
  }
  const at = asked.lastIndexOf('#');
  // A file may have one in its name.
  if (at <= 0 || existsSync(resolve(asked))) return { path: asked };
  return { path: asked.slice(0, at), exportName: asked.slice(at + 1) };
}

/** How Node would import it from a package, and no path of a file: `some-package/worker`, `@scope/some-package`. */
export function isPackagePath(path: string): boolean {
  return /^(?:@[\w.~-]+\/)?[\w~-][\w.~-]*(?:\/[^\\]*)?$/.test(path) && !existsSync(resolve(path));
}

/** A separator, or a JavaScript or TypeScript ending, perhaps with the name of an export: no name has either. */
export function isPath(asked: string): boolean {
  return /[/\\]|^file:|\.[cm]?[jt]sx?(?:#|$)/.test(asked);
}
