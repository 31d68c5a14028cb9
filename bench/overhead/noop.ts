import { defineWorkload } from '../../workers/contract.ts';

export default defineWorkload({
  name: 'noop',
  bound: 'cpu',
  description: 'nothing: what is measured is the price of the hand-over',
  tasks: 500,
  task: (): void => undefined,
});
