import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { startHost } from '../../dist/src/measure/host.js';
import { CODE_VARIABLE } from '../../dist/workers/frames.js';
import { assignmentOf } from '../support/host-assignment.js';
import { useTempFolder } from '../support/temp-folder.js';

const PRECOMPILED = fileURLToPath(new URL('../../dist/workers/precompiled.cjs', import.meta.url));
const folder = useTempFolder();

/** A host of a run opens a workload and ends. @returns what the workload saw */
async function argvSeen(): Promise<readonly string[]> {
  const host = await startHost({ env: { [CODE_VARIABLE]: folder.path }, timeoutMs: 30_000 });
  const seen = join(folder.path, 'argv.json');
  const module = await folder.module(`import { writeFileSync } from 'node:fs';
    writeFileSync(${JSON.stringify(seen)}, JSON.stringify(process.argv));
    export default { name: 'looks', task: () => 1 };`);
  try {
    await host.open(assignmentOf(module, { strategy: 'event-loop', poolSize: 1 }));
    await host.close();
  } finally {
    await host.kill();
  }
  return JSON.parse(await readFile(seen, 'utf8')) as readonly string[];
}

const codeFiles = async (): Promise<readonly string[]> =>
  (await readdir(folder.path, { recursive: true })).filter((path) => basename(path).startsWith('host.cjs'));

describe('the compiled code of a host', () => {
  it('is left by the first one and used by the next, and no workload sees that', async () => {
    const first = await argvSeen();
    const [kept = '', ...others] = await codeFiles();
    expect(others).toEqual([]);
    const { mtimeMs, size } = await stat(join(folder.path, kept));
    expect(size).toBeGreaterThan(10_000);
    expect(await argvSeen()).toEqual(first);
    expect(first.slice(1).map((path) => basename(path))).toEqual(['host.cjs']);
    // A host that did not find it would have left it again, and V8 takes it for that file.
    expect(await stat(join(folder.path, kept))).toMatchObject({ mtimeMs, size });
    const source = `(function (module, __filename) {${await readFile(first[1] ?? '', 'utf8')}\n})`;
    const cachedData = await readFile(join(folder.path, kept));
    expect(new Script(source, { cachedData }).cachedDataRejected).toBe(false);
    expect(new Script(`${source} `, { cachedData }).cachedDataRejected).toBe(true);
  });

  it('may be damaged: the file is compiled then', async () => {
    const [kept = ''] = await codeFiles();
    await writeFile(join(folder.path, kept), 'no code');
    expect((await argvSeen()).slice(1).map((path) => basename(path))).toEqual(['host.cjs']);
  });
});

it('the code of a file is not that of a file of another Lanewise, as a task may use', async () => {
  const said = [];
  // Far into a path, and in characters that not every name may have.
  const deep = join(...Array.from({ length: 20 }, () => 'packages'), 'pool-child.cjs');
  for (const text of ['own', 'old', 'o d', 'o_d']) {
    await mkdir(dirname(join(folder.path, text, deep)), { recursive: true });
    const file = await folder.file(join(text, deep), `process.stdout.write('${text}');`);
    const env = { ...process.env, [CODE_VARIABLE]: folder.path };
    for (let start = 0; start < 2; start++)
      said.push(execFileSync(process.execPath, [PRECOMPILED, file], { env, encoding: 'utf8' }));
  }
  expect(said).toEqual(['own', 'own', 'old', 'old', 'o d', 'o d', 'o_d', 'o_d']);
});
