import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkOut } from '../../dist/src/measure/check-out.js';
import { findCommit, isInCommit, pathInRepository } from '../../dist/src/measure/find-commit.js';
import { hasGit, runGit } from '../support/git.js';
import { useTempFolder } from '../support/temp-folder.js';

const folder = useTempFolder();
const at = (...names: readonly string[]): string => join(folder.path, 'repo', ...names);
const git = (...args: readonly string[]): string => runGit(at(), args);

function write(name: string, text: string): void {
  mkdirSync(dirname(at(name)), { recursive: true });
  writeFileSync(at(name), text);
}

/** What a module of the older tree gives, in a process of its own. */
function load(path: string): string {
  const code = `console.log((await import(${JSON.stringify(pathToFileURL(path).href)})).default)`;
  return execFileSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' }).trim();
}

describe.skipIf(!hasGit)('an older version from git', () => {
  beforeAll(() => {
    mkdirSync(at());
    git('init', '-q');
    write('.gitignore', 'node_modules\n');
    write('packages/lib/package.json', '{ "name": "lib", "type": "module", "exports": "./lib.js" }');
    write('packages/lib/lib.js', "export default 'old lib';");
    write('app/task.mjs', "import lib from 'lib';\nimport dep from 'dep';\nexport default `old task, ${lib}, ${dep}`;");
    git('add', '.');
    git('commit', '-qm', 'old');
    git('tag', 'v1');
    write('packages/lib/lib.js', "export default 'new lib';");
    write('app/task.mjs', "export default 'new task';");
    write('app/later.mjs', "export default 'later';");
    git('add', '.');
    git('commit', '-qm', 'new');
    // As npm installs them: a package, and a workspace that is linked.
    write('node_modules/dep/package.json', '{ "name": "dep", "type": "module", "exports": "./dep.js" }');
    write('node_modules/dep/dep.js', "export default 'dep';");
    symlinkSync(at('packages', 'lib'), at('node_modules', 'lib'), 'junction');
  });

  it('is checked out of any folder of the repository, with the installed packages, and its own version of those that are linked', async () => {
    const commit = await findCommit(at('app'), 'v1');
    expect(commit).toEqual({ root: realpathSync.native(at()), ref: 'v1', commit: git('rev-parse', 'v1') });
    expect(pathInRepository(commit, at('app', 'task.mjs'))).toBe('app/task.mjs');
    const { folder: older, remove } = await checkOut(commit);
    expect(load(join(older, 'app', 'task.mjs'))).toBe('old task, old lib, dep');
    // Also with node_modules of its own below, and nothing of this in the repository.
    expect(git('status', '--short')).toBe('');
    expect(git('worktree', 'list').split('\n')).toHaveLength(1);
    remove();
    expect(existsSync(dirname(older))).toBe(false);
    expect(readFileSync(at('node_modules', 'dep', 'dep.js'), 'utf8')).toContain('dep');
    expect(readdirSync(at('packages', 'lib'))).toHaveLength(2);
  });

  it('does not have files that were added since, and none that are outside', async () => {
    const commit = await findCommit(at(), 'v1');
    expect(await isInCommit(commit, 'app/task.mjs')).toBe(true);
    expect(await isInCommit(commit, 'app/later.mjs')).toBe(false);
    expect(pathInRepository(commit, folder.path)).toBeUndefined();
  });

  it.each([
    ['no-such', 'Invalid --versus-ref "no-such": there is no such branch, tag or commit in this repository.'],
    ['--output=x', 'Invalid --versus-ref "--output=x": expected a branch, tag or commit, for example origin/main.'],
    ['', 'Invalid --versus-ref "": expected'],
  ])('is refused for the ref "%s"', async (ref, sentence) => {
    await expect(findCommit(at(), ref)).rejects.toThrow(sentence);
  });

  it('asks for the whole history where a clone is shallow', async () => {
    runGit(folder.path, ['clone', '-q', '--depth', '1', pathToFileURL(at()).href, 'shallow']);
    await expect(findCommit(join(folder.path, 'shallow'), 'v1')).rejects.toThrow('fetch-depth: 0');
  });

  it('is offered by its name at the origin, if that has the branch', async () => {
    runGit(folder.path, ['clone', '-q', pathToFileURL(at()).href, 'whole']);
    const whole = join(folder.path, 'whole');
    runGit(whole, ['update-ref', 'refs/remotes/origin/dev', 'HEAD']);
    await expect(findCommit(whole, 'dev')).rejects.toThrow('Did you mean "origin/dev"?');
  });

  it('needs a repository', async () => {
    await expect(findCommit(folder.path, 'v1')).rejects.toThrow('--versus-ref needs a git repository');
  });
});
