import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { crc32 } from 'node:zlib';

/** A module whose file is looked at; what it imports is not. */
export interface ModuleFile {
  readonly url: string;
  readonly source: string;
}

export function moduleChecksum({ url }: Pick<ModuleFile, 'url'>): string {
  return checksum(readFileSync(fileURLToPath(url)));
}

export function checksum(content: string | Buffer): string {
  return crc32(content).toString(16);
}

/** Samples of before and after are not of one kind: nothing of the group can be compared. */
export class ModuleChangedError extends Error {
  override readonly name = 'ModuleChangedError';
}

/** Looks at the files now; what comes back is called after each block. @throws ModuleChangedError if one is another by then */
export function watchModules(modules: readonly ModuleFile[]): () => void {
  const before = modules.map((module) => ({ ...module, checksum: orGone(module) }));
  return () => {
    for (const { source, checksum: old, ...module } of before) {
      const now = orGone(module);
      if (now === old) continue;
      throw new ModuleChangedError(
        `${source} was ${now === GONE ? 'removed' : 'rewritten'} while it was measured, so that its samples are not of one kind. Measure again with the file at rest`,
      );
    }
  };
}

const GONE = 'gone';

function orGone(module: Pick<ModuleFile, 'url'>): string {
  try {
    return moduleChecksum(module);
  } catch {
    return GONE;
  }
}
