import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { crc32 } from 'node:zlib';
import type { Group, Plan, Warning } from '../model.ts';

/** Knows what files held when the measuring began. */
export interface WatchedFiles {
  /** Files that hosts of the group load, and that have been changed since: not all of its blocks ran the same code. */
  readonly changesFor: (group: Group) => readonly Warning[];
}

/** Every block starts its hosts afresh, and they load what is there then: an editor that saves, or a build, is not noticed by them. */
export function watchFiles({ groups, ownStrategies }: Pick<Plan, 'groups' | 'ownStrategies'>): WatchedFiles {
  const strategies = ownStrategies.map(({ ref, name }) => moduleFile(ref.url, name));
  const own = { name: 'Lanewise', read: readOwnFiles };
  const filesOf = ({ workload, newer }: Group): readonly WatchedFile[] => [
    moduleFile(workload.ref.url, workload.source),
    ...(newer === undefined ? [] : [moduleFile(newer.ref.url, newer.source)]),
    ...strategies,
    own,
  ];
  const before = new Map(groups.map((group) => [group, filesOf(group).map(({ read }) => read())]));
  return {
    changesFor: (group) =>
      filesOf(group).flatMap(({ name, read }, index): Warning[] =>
        before.get(group)?.[index] === read()
          ? []
          : [{ kind: 'changed-file', workload: group.workload.name, file: name }],
      ),
  };
}

interface WatchedFile {
  readonly name: string;
  /** What is the same as long as it is. */
  readonly read: () => string;
}

/** The module's own file; what it imports is not looked at. Saved again as it was, it has not changed. */
function moduleFile(url: string, name: string): WatchedFile {
  return { name, read: () => orGone(() => String(crc32(readFileSync(fileURLToPath(url))))) };
}

/** Too many to be read. A build of unchanged sources leaves them as they are. */
function readOwnFiles(): string {
  return orGone(() => {
    const facts = ['src', 'workers'].flatMap((name) => {
      const folder = fileURLToPath(new URL(`../../${name}/`, import.meta.url));
      const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.js'));
      return files.toSorted().map((file) => {
        const { size, mtimeMs } = statSync(join(folder, file));
        return `${file} ${size} ${mtimeMs}`;
      });
    });
    return String(crc32(facts.join('\n')));
  });
}

function orGone(read: () => string): string {
  try {
    return read();
  } catch {
    return 'gone';
  }
}
