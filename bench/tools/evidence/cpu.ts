import { defineWorkload, type TaskContext } from '../../../workers/contract.ts';
import { slowdownOf, spinSlowed } from './twins.ts';

export default defineWorkload({
  name: 'cpu',
  bound: 'cpu',
  params: { steps: 4_000_000 },
  tasks: 8,
  task: (_input: undefined, { params, cell }: TaskContext): number =>
    spinSlowed(Number(params.steps), slowdownOf(cell)),
});
