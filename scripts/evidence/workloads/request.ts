import { defineWorkload } from '../../../workers/define-workload.ts';

/** A request to a server that runs already. */
export default defineWorkload({
  name: 'request',
  bound: 'io',
  params: { url: 'http://127.0.0.1' },
  tasks: 40,
  input: ({ params }) => params.url,
  task: async (url: string): Promise<string> => (await fetch(url)).text(),
});
