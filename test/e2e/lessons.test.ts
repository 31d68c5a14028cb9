/** Lessons in what depends on no duration; the rest is in `test/alone`. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { processesWith } from '../../dist/scripts/reliability/processes.js';
import { LESSONS } from '../../dist/src/lessons/catalogue.js';
import { lanewise, startLanewise, type Outcome } from '../support/lanewise.js';
import { useTempFolder } from '../support/temp-folder.js';

const folder = useTempFolder();
const lessons = (args: readonly string[], env = {}): Promise<Outcome> =>
  lanewise(['lessons', ...args], { cwd: folder.path, env: { LC_ALL: 'C', ...env } });

/** The JSON for other programs, as far as it is read here. */
interface Taught {
  readonly lang: string;
  readonly complete: boolean;
  readonly lessons: readonly { readonly claims: readonly { readonly text: string }[] }[];
}

describe('some lessons', () => {
  // Windows does not have its locale in the environment.
  it.skipIf(process.platform === 'win32').each([
    ['pt_BR.UTF-8', 'espera'],
    ['C', 'delay'],
  ])('speak the language of the system: %s', async (locale, word) => {
    const { stdout } = await lessons(['one-awaited', '--json'], { LC_ALL: locale });
    const {
      lang,
      lessons: [lesson],
    } = JSON.parse(stdout) as Taught;
    expect(lang).toBe(locale === 'C' ? 'en' : 'pt');
    expect(lesson?.claims[0]?.text).toContain(word);
  });
});

it('lists all lessons', async () => {
  const { stdout, status } = await lessons(['--list']);
  expect(status).toBe(0);
  for (const { id } of LESSONS) expect(stdout).toContain(id);
  const { stdout: json } = await lessons(['--list', '--json', '--lang', 'pt']);
  expect((JSON.parse(json) as Taught).lessons[0]).toEqual({
    id: 'concurrency-is-not-parallelism',
    origin: 'texto: concorrência e paralelismo',
    title: 'Concorrência não é paralelismo',
  });
});

describe('a modified copy of a lesson', () => {
  it.each(['async-all-the-way-down', 'start-the-loop', 'open-and-closed'])(
    'runs from any folder, even if it imports other files: %s',
    async (id) => {
      const { stdout: code } = await lessons([id, '--code']);
      await folder.file('copy.mjs', code);
      const { stdout } = await lessons([id, '--from', 'copy.mjs', '--json']);
      // Whether its claims hold depends on durations.
      for (const lesson of (JSON.parse(stdout) as Taught).lessons) {
        expect(lesson).not.toHaveProperty('error');
        expect(lesson).toMatchObject({ id, modifiedCopy: 'copy.mjs' });
        expect(lesson.claims.length).toBeGreaterThan(0);
      }
    },
  );

  it('that does not load is refused with its line, before anything is measured', async () => {
    await folder.file('unbalanced.mjs', '\nexport default { task() {}, ((');
    const { status, stdout, stderr } = await lessons(['nested-groups', '--from', 'unbalanced.mjs']);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain(
      "lanewise: The workload unbalanced.mjs cannot be loaded: on import it threw SyntaxError: Unexpected token '(' (line 2).",
    );
  });

  it('that cannot be run exits with 1 after one attempt', async () => {
    await folder.file(
      'mine.mjs',
      'export default { task() {}, async experiment() { throw new Error("no \u001b[31mgood") } }',
    );
    const { status, stdout } = await lessons(['nested-groups', '--from', 'mine.mjs', '--json']);
    expect(status).toBe(1);
    const [lesson] = (JSON.parse(stdout) as Taught).lessons;
    expect(lesson).toMatchObject({
      pass: false,
      attempts: 1,
      claims: [],
      modifiedCopy: 'mine.mjs',
      error: 'Error: no [31mgood',
    });
  });
});

it('ends at Ctrl-C with the results so far, and leaves nothing running', async () => {
  const mark = `lessons-${randomUUID()}`;
  const left = (): readonly string[] => processesWith(mark).filter((line) => !line.includes('guard.js'));
  const child = startLanewise(['lessons', 'await-in-a-loop', 'one-awaited', '--unit', '1s', '--json'], {
    cwd: folder.path,
    env: { MARK: mark },
  });
  let stdout = '';
  child.stdout?.on('data', (data: Buffer) => (stdout += data.toString()));
  await expect.poll(() => left().some((line) => line.includes('host.cjs')), { timeout: 30_000 }).toBe(true);
  child.kill('SIGINT');
  const [code] = (await once(child, 'close')) as [number];
  expect(code).toBe(130);
  expect((JSON.parse(stdout) as Taught).complete).toBe(false);
  await expect.poll(left).toEqual([]);
});
