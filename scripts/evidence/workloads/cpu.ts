import type { TaskContext } from '../../../workers/contract.ts';
import { defineWorkload } from '../../../workers/define-workload.ts';
import { slowdownOf, spinSlowed } from '../twins.ts';

export default defineWorkload({
  name: 'cpu',
  bound: 'cpu',
  params: { steps: 4_000_000, twins: 'slowed' },
  tasks: 8,
  task: (_input: undefined, context: TaskContext): number =>
    spinSlowed(Number(context.params.steps), slowdownOf(context)),
});
