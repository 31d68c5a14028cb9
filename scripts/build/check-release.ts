/**
 * Is everything written down that a release needs? `npm run check:release [-- --tag v1.0.0]`, also before a tag is
 * published. The exit status is 1 if something is missing, with a line for each.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PLACEHOLDER, repositoryIn } from './repository.ts';
import { scriptOptions } from '../script-options.ts';

interface Release {
  /** Texts of package.json, package-lock.json and CHANGELOG.md. */
  readonly manifest: string;
  readonly lock: string;
  readonly changelog: string;
  readonly tag?: string | undefined;
}

/** Lists what is missing, a sentence each. */
export function missingIn({ manifest, lock, changelog, tag }: Release): readonly string[] {
  const { version } = JSON.parse(manifest) as { readonly version: string };
  const locked = (JSON.parse(lock) as { readonly version: string }).version;
  const [, newest = 'none', date = ''] = /^## \[([^\]]+)\](?: - (.*))?$/m.exec(changelog) ?? [];
  return [
    repositoryIn(manifest).startsWith(`${PLACEHOLDER}/`) &&
      'package.json has no address yet: npm run set-repository OWNER/NAME.',
    locked !== version && `package-lock.json has version ${locked}, package.json ${version}: run npm install.`,
    newest !== version && `The newest section of CHANGELOG.md is ${newest}, and the version is ${version}.`,
    newest === version &&
      !/^\d{4}-\d\d-\d\d$/.test(date) &&
      `The section ${version} of CHANGELOG.md has no date: ## [${version}] - 2026-12-31.`,
    tag !== undefined && tag !== `v${version}` && `The tag is ${tag}, and the version ${version}: tag it v${version}.`,
  ].filter((sentence) => sentence !== false);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { tag } = scriptOptions({ tag: undefined });
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const files = ['package.json', 'package-lock.json', 'CHANGELOG.md'];
  const [manifest = '', lock = '', changelog = ''] = files.map((name) => readFileSync(join(root, name), 'utf8'));
  const missing = missingIn({ manifest, lock, changelog, tag });
  process.stdout.write(missing.length === 0 ? 'Ready to be released.\n' : `${missing.join('\n')}\n`);
  process.exitCode = missing.length === 0 ? 0 : 1;
}
