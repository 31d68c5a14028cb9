/** `asyncio.run(main())`: here, a module with top-level await. */
import { setTimeout as sleep } from 'node:timers/promises';

const unit = Number(process.argv[2]);
const beganMs = performance.now();

await Promise.all([1, 2, 3].map((seconds) => sleep(seconds * unit)));
console.log(`all done after ${Math.round(performance.now() - beganMs)} ms`);
