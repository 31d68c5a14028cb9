/**
 * Says where the project is published: `npm run set-repository OWNER/NAME`. package.json has the address for all readers
 * (npm, the site, the release); where documentation has to spell it out, it is replaced. Can be run again after a move.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { addressOf, PLACEHOLDER, repositoryIn } from './repository.ts';

const FORM = /^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\/[A-Za-z0-9._-]+$/;

/** Writes the address into package.json and the pages below a folder. @returns the files that changed */
export function setRepository(root: string, repository: string): readonly string[] {
  if (!FORM.test(repository) || repository.startsWith(`${PLACEHOLDER}/`))
    throw new Error(`Invalid repository "${repository}": expected OWNER/NAME, as in https://github.com/OWNER/NAME.`);
  const manifest = readFileSync(join(root, 'package.json'), 'utf8');
  const old = repositoryIn(manifest);
  const pages = [root, join(root, 'docs')].flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.md'))
      .map((name) => join(folder, name)),
  );
  const changes = [
    { path: join(root, 'package.json'), text: manifest, next: withAddress(manifest, old, repository) },
    ...pages.map((path) => {
      const text = readFileSync(path, 'utf8');
      return { path, text, next: text.replaceAll(new RegExp(`\\b${old}(?![\\w-])`, 'g'), repository) };
    }),
  ].filter(({ text, next }) => next !== text);
  for (const { path, next } of changes) writeFileSync(path, next);
  return changes.map(({ path }) => path);
}

function withAddress(manifest: string, old: string, repository: string): string {
  const fields = JSON.parse(manifest) as Readonly<Record<string, unknown>>;
  const [was, address] = [addressOf(old), addressOf(repository)];
  // A name or another page for donations that somebody has filled in stays.
  const own = Object.entries(address).filter(
    ([field]) => JSON.stringify(fields[field]) === JSON.stringify(was[field as keyof typeof was]),
  );
  return `${JSON.stringify({ ...fields, ...Object.fromEntries(own) }, null, 2)}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  try {
    const changed = setRepository(root, process.argv[2] ?? '');
    process.stdout.write(changed.length === 0 ? 'Nothing to change.\n' : `Changed: ${changed.join(', ')}\n`);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
  }
}
