/** What can this machine measure? Only its facts, in a moment: without `factsOnly` it measures its noise, too. */
import { doctor } from 'lanewise';

const { environment, sentences } = await doctor({ factsOnly: true });
console.log(`${environment.cores} CPUs, Node ${environment.node}`);
for (const sentence of sentences) console.log(sentence);
