/** A custom workload with params and inputs: lanewise run ./define-workload.js --param size=1000,10000 */
import { defineWorkload } from 'lanewise';

export default defineWorkload({
  name: 'sort',
  bound: 'cpu',
  description: 'sort `size` numbers',
  params: { size: 1000 },
  tasks: 8,
  input: ({ random, params }) => Array.from({ length: params.size }, random),
  task: (numbers) => numbers.toSorted((a, b) => a - b).at(-1),
});
