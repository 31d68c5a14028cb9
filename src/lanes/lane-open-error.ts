import type { LaneError } from '../../workers/contract.ts';
import { withCausesOf } from '../../workers/describe-error.ts';

/** A lane could not load the workload or its setup failed; carries what the lane said. */
export class LaneOpenError extends Error {
  override readonly name: string;

  constructor({ name, message, stack, ...rest }: LaneError) {
    super(message);
    this.name = name;
    if (stack !== undefined) this.stack = stack;
    withCausesOf(this, rest);
  }
}
