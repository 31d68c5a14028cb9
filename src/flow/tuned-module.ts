import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isPackagePath, parseModulePath } from '../model/module-path.ts';
import type { Workload } from '../model/plan.ts';
import type { TunedModule } from '../model/results.ts';
import { workingFolder } from '../system/surroundings.ts';

/**
 * Facts of a module that code to paste needs; its path stays private.
 *
 * @param asked the workload as given
 * @returns undefined for a built-in workload, which no program imports
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

/** Format of a `.js` file in a folder, by the nearest package.json. */
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
    // Node cannot read it either.
    return false;
  }
}
