import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The `type` of the nearest package.json, by which Node reads `.js` files of a folder; undefined: it names none. */
export function packageType(folder: string): 'module' | 'commonjs' | undefined {
  const manifest = join(folder, 'package.json');
  if (existsSync(manifest)) return typeIn(manifest);
  const parent = dirname(folder);
  return parent === folder ? undefined : packageType(parent);
}

function typeIn(manifest: string): 'module' | 'commonjs' | undefined {
  try {
    const type = (JSON.parse(readFileSync(manifest, 'utf8')) as { readonly type?: unknown } | null)?.type;
    return type === 'module' || type === 'commonjs' ? type : undefined;
  } catch {
    // Node cannot read it either.
    return undefined;
  }
}
