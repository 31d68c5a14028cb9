import { openMainLane } from './main-lane.ts';
import type { OpenStrategy } from './strategy.ts';

/** One task after the other on the main loop, each awaited: `for (…) await task()`. */
export const openSequential: OpenStrategy = (assignment) => openMainLane(assignment, 1);
