import { defineWorkload } from '../../workers/define-workload.ts';

export default defineWorkload({
  name: 'noop',
  bound: 'cpu',
  description: 'do nothing: measures the cost of dispatch',
  tasks: 500,
  task: (): void => undefined,
});
