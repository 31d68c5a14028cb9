import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { findStrategies, findWorkloads } from '../../dist/src/measure/find-modules.js';
import { useTempFolder } from '../support/temp-folder.js';

const EXAMPLES = fileURLToPath(new URL('../../examples/strategies/', import.meta.url));
const folder = useTempFolder();

describe('the modules of strategies', () => {
  it('are found by a pattern, and say what they are', async () => {
    const { strategies, warnings } = await findStrategies([join(EXAMPLES, '*.js')]);
    expect(warnings).toEqual([]);
    expect(strategies.map(({ name, laneKind, keepsLanes }) => [name, laneKind, keepsLanes])).toContainEqual([
      'raw-worker-threads',
      'thread',
      true,
    ]);
    expect(strategies).toHaveLength((await readdir(EXAMPLES)).filter((name) => name.endsWith('.js')).length);
  });

  it('are left out, and named, if they need a package that is not installed', async () => {
    const file = await folder.file('absent.mjs', "import 'no-such-pool'; export default {};");
    expect(await findStrategies([file])).toEqual({
      strategies: [],
      warnings: [{ kind: 'strategy-left-out', strategy: 'absent', missing: 'no-such-pool' }],
    });
  });

  it.each([
    ['export default 1;', 'its default export must be an object with `lanes` and `open`'],
    ["export default { lanes: 'fibre', open() {} };", "`lanes` must be 'thread', 'process' or 'main'"],
    ["export default { lanes: 'thread' };", '`open` must be a function'],
    ["export default { name: 'a b', lanes: 'thread', open() {} };", '`name` must consist of up to 80 letters'],
    ["throw new Error('broken');", 'on import it threw Error: broken'],
    [
      "import { writeSync } from 'node:fs'; writeSync(3, Buffer.from([0, 0, 0, 6, 1, 2, 3, 4, 5, 6]));",
      'on import its process wrote to descriptor 3, which is Lanewise’s own',
    ],
    ['process.exit(3);', 'on import the process ended with exit code 3'],
  ])('are refused in a sentence: %s', async (source, sentence) => {
    const file = await folder.file('wrong.mjs', source);
    await expect(findStrategies([file])).rejects.toThrow(sentence);
  });

  it('are refused if there is none', async () => {
    await expect(findStrategies(['./missing/*.js'])).rejects.toThrow('No module is named ./missing/*.js');
    await expect(findStrategies(['./missing.mjs'])).rejects.toThrow(
      'There is no file ./missing.mjs: give the path of a module that exports a strategy, or a name that',
    );
  });
});

it.runIf(process.platform === 'linux')('a process that a module starts on import ends with its loading', async () => {
  const file = await folder.file(
    'starting.mjs',
    `import { spawn } from 'node:child_process';
    const { pid } = spawn('sleep', ['300'], { detached: true, stdio: 'ignore' });
    export default { name: \`started-\${pid}\`, task() {} };`,
  );
  const [found] = await findWorkloads([{ kind: 'file', path: file }]);
  const pid = Number(found?.claims.name?.replace('started-', ''));
  expect(pid).toBeGreaterThan(0);
  await expect.poll(() => existsSync(`/proc/${pid}/cwd`)).toBe(false);
});

describe('a module that this Node does not load', () => {
  const needing = (name: string): Promise<string> =>
    folder.file(
      name,
      "if (!globalThis.isThere) throw new Error('not there'); export default { name: 'needs-it', task() {} };",
    );
  const runtimeWith = (...flags: readonly string[]) =>
    ({ name: 'node', version: process.versions.node, execPath: process.execPath, flags, label: '' }) as const;

  it('is found if a runtime that will run it does, with its flags', async () => {
    const path = await needing('needs-it.mjs');
    const runtimes = [runtimeWith('--no-warnings'), runtimeWith('--import=data:text/javascript,globalThis.isThere=1')];
    const [found] = await findWorkloads([{ kind: 'file', path }], { runtimes });
    expect(found?.claims.name).toBe('needs-it');
    const strategy =
      "if (!globalThis.isThere) throw new Error('not there'); export default { lanes: 'main', open() {} };";
    const { strategies } = await findStrategies([await folder.file('needy.mjs', strategy)], { runtimes });
    expect(strategies.map(({ name }) => name)).toEqual(['needy']);
  });

  it('is refused with its error if none does', async () => {
    const path = await needing('lacks-it.mjs');
    for (const runtimes of [[], [runtimeWith('--no-warnings')]])
      await expect(findWorkloads([{ kind: 'file', path }], { runtimes })).rejects.toThrow(
        'The workload lacks-it.mjs cannot be loaded: on import it threw Error: not there.',
      );
  });
});
