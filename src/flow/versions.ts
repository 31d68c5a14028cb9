import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { checkOut } from '../measure/check-out.ts';
import { findCommit, isInCommit, pathInRepository } from '../measure/find-commit.ts';
import { locateWorkload } from '../measure/locate-module.ts';
import type { WorkloadPlace } from '../model/plan.ts';
import type { Options, Warning } from '../model/results.ts';
import { isPackagePath, parseModulePath } from '../model/module-path.ts';
import { nothingInGit, nothingThere, type WithoutOlder } from './no-older-version.ts';

/** Places of the modules of a run, and its cleanup. */
export interface Versions {
  /** In pairs with `--versus-ref`: an older version and the newer one. */
  readonly places: readonly WorkloadPlace[];
  readonly options: Pick<Options, 'versusRef'>;
  readonly warnings: readonly Warning[];
  readonly remove: () => void;
}

/**
 * With `--versus-ref`, checks an older version of the workloads out of git, into a temporary folder.
 *
 * @param known commit of the ref when the resumed run began
 * @throws LanewiseError if no workload has an older version
 */
export async function findVersions(
  places: readonly WorkloadPlace[],
  ref: string,
  known: string | undefined,
): Promise<Versions> {
  const files = places.map((place) => ({ place, ...fileOf(place) }));
  const [first] = files.flatMap(({ file }) => file ?? []);
  if (first === undefined) throw nothingInGit(files.map(({ name }) => name));
  const commit = await findCommit(dirname(first), ref, known);
  const found: { readonly place: WorkloadPlace; readonly path: string }[] = [];
  const warnings: WithoutOlder[] = [];
  for (const { place, name, file } of files) {
    const path = file === undefined ? undefined : pathInRepository(commit, file);
    if (file === undefined || path === undefined)
      warnings.push({ kind: 'no-older-version', workload: name, ref, because: 'not-in-git' });
    else if (await isInCommit(commit, path)) found.push({ place, path });
    else warnings.push({ kind: 'no-older-version', workload: name, ref, because: 'not-there' });
  }
  if (found.length === 0) throw nothingThere(warnings, ref, commit.commit);
  const { folder, remove } = await checkOut(commit);
  return {
    places: found.flatMap(({ place, path }) => [olderPlace(place, join(folder, path), ref), place]),
    options: { versusRef: { ref, commit: commit.commit } },
    warnings,
    remove,
  };
}

/** Undefined for a workload that is not the user's own file. @throws LanewiseError if the file is missing */
function fileOf(place: WorkloadPlace): { readonly name: string; readonly file: string | undefined } {
  const { ref, source, fallbackName } = locateWorkload(place);
  if (place.kind === 'shipped' || isPackagePath(parseModulePath(place.path).path))
    return { name: fallbackName, file: undefined };
  return { name: source, file: fileURLToPath(ref.url) };
}

function olderPlace(place: WorkloadPlace, file: string, ref: string): WorkloadPlace {
  const exportName = place.kind === 'file' ? parseModulePath(place.path).exportName : undefined;
  const hash = exportName === undefined ? '' : `#${encodeURIComponent(exportName)}`;
  return { kind: 'file', path: `${pathToFileURL(file).href}${hash}`, version: ref };
}
