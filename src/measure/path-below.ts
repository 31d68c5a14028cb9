import { realpathSync } from 'node:fs';
import { isAbsolute, relative, sep } from 'node:path';

/** The path of a file from a folder, with slashes; undefined if it is not below the folder, links followed. */
export function pathBelow(folder: string, file: string): string | undefined {
  const path = relative(realpathSync.native(folder), realpathSync.native(file));
  // Another drive of Windows has an absolute path.
  const isBelow = path !== '' && path !== '..' && !path.startsWith(`..${sep}`) && !isAbsolute(path);
  return isBelow ? path.split(sep).join('/') : undefined;
}
