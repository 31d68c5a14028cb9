import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { LanewiseError } from '../model/errors.ts';
import { checkOut, findCommit, isInCommit, pathInRepository } from '../measure/check-out.ts';
import { locateWorkload } from '../measure/locate-module.ts';
import type { WorkloadPlace } from '../model/plan.ts';
import type { Options, Warning } from '../model/results.ts';
import { isPackagePath, parseModulePath } from '../model/module-path.ts';

/** The GitHub Action knows the refusal by these words (action/measure.sh), so no other error begins with them. */
const NO_OLDER_VERSION = '--versus-ref finds no older version:';

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
  const warnings: Extract<Warning, { kind: 'no-older-version' }>[] = [];
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

function nothingInGit(names: readonly string[]): LanewiseError {
  return new LanewiseError(
    'usage',
    `--versus-ref compares a module of your repository with an older version of it, and ${names.join(', ')} ${names.length === 1 ? 'is none' : 'are none'}: give a path, for example lanewise run ./task.js --versus-ref origin/main.`,
  );
}

function nothingThere(
  warnings: readonly Extract<Warning, { kind: 'no-older-version' }>[],
  ref: string,
  commit: string,
): LanewiseError {
  const outside = warnings.map(({ workload }) => workload);
  const absent = warnings.find(({ because }) => because === 'not-there');
  return new LanewiseError(
    'usage',
    absent === undefined
      ? `--versus-ref needs a file of the repository, and ${outside.join(', ')} ${outside.length === 1 ? 'lies' : 'lie'} outside: give a path inside it, or compare two files with --versus.`
      : `${NO_OLDER_VERSION} ${absent.workload} is not at ${ref} (commit ${commit.slice(0, 7)}): it is new, was moved, or is built and not in git. Give a ref that has it, or compare two files with --versus.`,
  );
}
