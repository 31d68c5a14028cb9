/** The queue of a configuration, as its host and its workers reach it. */
export interface QueueAccess {
  readonly kind: 'redis' | 'valkey' | 'postgres';
  /** Contains the password. */
  readonly url: string;
  /** Name of the queue, and what sets it apart on the server: the prefix of its keys, or its schema. */
  readonly name: string;
  /** How long a worker may keep a task without a sign of life. */
  readonly lockMs: number;
}
