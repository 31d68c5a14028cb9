import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** A system of which only these files are there: what its kernel would do with them is not seen. @returns its root */
export async function systemWith(parent: string, files: Readonly<Record<string, string>>): Promise<string> {
  const root = await mkdtemp(join(parent, 'root-'));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  return root;
}
