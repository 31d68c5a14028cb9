import { openMainLane } from './main-lane.ts';
import type { OpenStrategy } from './strategy.ts';

/** All tasks at once on the main loop, or `inFlight` of them: `Promise.all(inputs.map(task))`. */
export const openEventLoop: OpenStrategy = (assignment) => openMainLane(assignment, assignment.inFlight);
