/** `loop.run_until_complete(main())`: the process lives while it waits. */
import { setTimeout as sleep } from 'node:timers/promises';

const unit = Number(process.argv[2]);

async function main(): Promise<void> {
  const beganMs = performance.now();
  await Promise.all([1, 2, 3].map((seconds) => sleep(seconds * unit)));
  console.log(
    `all done after ${Math.round(performance.now() - beganMs)} ms`,
  );
}

process.on('exit', () => console.log('the loop is empty'));
void main();
console.log('main was called');
