/** Messages between machines: names and checksums of code, never code, environment or absolute paths. */
import type { ChildReply } from '../../workers/child-tasks.ts';
import type { LaneId, Params } from '../../workers/contract.ts';
import type { QueueAccess } from '../../workers/queue-access.ts';
import type { JoinedMachine, SentModule } from '../model/plan.ts';
import type { MachineNoise } from '../model/results.ts';

/** The name under which the run hears machines that join. */
export const DESK = 'desk';

/** First message of a machine to the desk. */
export interface JoinGreeting extends Omit<JoinedMachine, 'name' | 'sharesCpus'> {
  readonly lanewise: string;
  /** The same for whoever uses the same CPUs; absent: not known. */
  readonly cpuSet?: string;
}

/** The desk to a machine: refused, the modules that will run and its name from now on, asked for its noise, the end. */
export type DeskMessage =
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'modules'; readonly modules: readonly SentModule[]; readonly name: string }
  | { readonly kind: 'noise' }
  | { readonly kind: 'over' };

/** A machine to the desk: it answers to its name, or cannot run the modules; its noise since it was last asked. */
export type JoinMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'cannot'; readonly why: string }
  | { readonly kind: 'noise'; readonly noise: Omit<MachineNoise, 'name'> };

/** A host to a machine, in a talk of its own. */
export type MachineRequest =
  | {
      readonly kind: 'open';
      readonly lane: LaneId;
      readonly cell: string;
      readonly module: SentModule;
      readonly params: Params;
      readonly concurrency: number;
      readonly queue: Omit<QueueAccess, 'url'>;
    }
  | { readonly kind: 'ask'; readonly lane: number; readonly what: 'usage' | 'close' }
  | { readonly kind: 'ask'; readonly lane: number; readonly what: 'activity'; readonly notesResults: boolean }
  | { readonly kind: 'end' | 'kill'; readonly lane: number }
  | { readonly kind: 'ping'; readonly id: number };

export type MachineReply =
  | { readonly kind: 'said'; readonly lane: number; readonly message: ChildReply }
  | { readonly kind: 'failed'; readonly lane: number; readonly why: string }
  | {
      readonly kind: 'exited';
      readonly lane: number;
      readonly code: number | null;
      readonly signal: NodeJS.Signals | null;
    }
  /** The machine's own clock when it heard the ping. */
  | { readonly kind: 'pong'; readonly id: number; readonly ns: number };
