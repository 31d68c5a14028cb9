import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isPackagePath, parseModulePath } from '../model/module-path.ts';
import type { Workload } from '../model/plan.ts';
import type { TunedModule } from '../model/results.ts';
import { workingFolder } from '../system/surroundings.ts';

/**
 * What code to paste must know of a module, and may be passed on: nothing of where it is.
 *
 * @param asked the workload as it was given
 * @returns undefined of one that ships, which no program has
 */
export function tunedModule(asked: string, { source, ref, claims, services }: Workload): TunedModule | undefined {
  if (source === 'shipped') return undefined;
  return {
    isPackage: isPackagePath(parseModulePath(asked).path),
    ...(ref.exportName !== undefined && { exportName: ref.exportName }),
    format: formatIn(workingFolder()),
    steps: [...claims.steps],
    ...(!claims.isFunction && {
      definition: { makesInputs: !claims.takesInput, transfers: claims.transfers, services: [...services] },
    }),
    needsTsx: (ref.loaders ?? []).length > 0,
  };
}

/** What a `.js` file in that folder is: as the nearest package.json says. */
export function formatIn(folder: string): TunedModule['format'] {
  const manifest = join(folder, 'package.json');
  if (existsSync(manifest)) return isModule(manifest) ? 'esm' : 'cjs';
  const parent = dirname(folder);
  return parent === folder ? 'cjs' : formatIn(parent);
}

function isModule(manifest: string): boolean {
  try {
    return (JSON.parse(readFileSync(manifest, 'utf8')) as { readonly type?: unknown } | null)?.type === 'module';
  } catch {
    // Node could not read it either.
    return false;
  }
}
