import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
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

/**
 * Looks at the files now, and at those of Lanewise itself, which hosts of later blocks load too; what comes back is called after each block.
 *
 * @throws ModuleChangedError if one is another by then
 */
export function watchModules(modules: readonly ModuleFile[]): () => void {
  const before = modules.map((module) => ({ ...module, checksum: orGone(module) }));
  const own = ownChecksum();
  return () => {
    for (const { source, checksum: old, ...module } of before) {
      const now = orGone(module);
      if (now === old) continue;
      throw new ModuleChangedError(
        `${source} was ${now === GONE ? 'removed' : 'rewritten'} while it was measured, so that its samples are not of one kind. Measure again with the file at rest`,
      );
    }
    if (ownChecksum() !== own)
      throw new ModuleChangedError(
        'Lanewise itself was built or updated while it measured, so that its samples are not of one kind. Measure again',
      );
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

/** Of sizes and times: the files are too many to be read. A build of unchanged sources leaves them as they are. */
function ownChecksum(): string {
  try {
    const facts = ['src', 'workers'].flatMap((name) => {
      const folder = fileURLToPath(new URL(`../../${name}/`, import.meta.url));
      const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.js'));
      return files.toSorted().map((file) => {
        const { size, mtimeMs } = statSync(join(folder, file));
        return `${file} ${size} ${mtimeMs}`;
      });
    });
    return checksum(facts.join('\n'));
  } catch {
    return GONE;
  }
}
