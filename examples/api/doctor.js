/** Shows what this machine can measure. `factsOnly` takes a moment; without it, noise is measured, too. */
import { doctor } from 'lanewise';

const { environment, sentences } = await doctor({ factsOnly: true });
console.log(`${environment.cores} CPUs, Node ${environment.node}`);
for (const sentence of sentences) console.log(sentence);
