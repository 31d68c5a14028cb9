import type { HostFailure } from '../model/schema/host-reply.ts';

/** A task failed or was lost, so its batch has no result and its cell has failed. */
export class TaskFailure extends Error {
  readonly failure: HostFailure;

  constructor(failure: HostFailure) {
    super(failure.error.message);
    this.failure = failure;
  }
}
