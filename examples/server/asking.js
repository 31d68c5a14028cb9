/** A workload whose task is a request to a server, which is started as a process of its own. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

const misspelled = JSON.parse(readFileSync(new URL('./misspelled.json', import.meta.url), 'utf8'));

export function asking(file) {
  return {
    name: 'suggest-server',
    bound: 'mixed',
    tasks: misspelled.length,
    input: ({ index }) => misspelled[index % misspelled.length],
    setup: async () => {
      const server = fork(new URL(file, import.meta.url), { stdio: 'ignore' });
      const [url] = await once(server, 'message');
      return { server, url };
    },
    task: async (word, { state }) => {
      const response = await fetch(`${state.url}/suggest?word=${word}`);
      if (!response.ok) throw new Error(`status ${response.status}`);
      return response.json();
    },
    teardown: async ({ server }) => {
      const ended = once(server, 'exit');
      server.kill();
      await ended;
    },
  };
}
