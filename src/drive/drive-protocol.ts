/** Requests to the driver, the process that sends the requests of a load measurement. It answers each with one reply. */
import type { HostFailure, ReplyOf } from '../model/schema/host-reply.ts';
import type { Connections, Window } from '../model/load.ts';
import type { TaskReadings } from '../stats/load/window.ts';
import type { WindowAssignment } from '../host/host-protocol.ts';
import type { LaneId } from '../../workers/contract.ts';

/** A server to send requests to. */
export interface ServerAddress {
  readonly port: number;
  /** The beginning of every path that it serves. */
  readonly path: string;
  readonly connections: Connections;
}

export interface DriveAssignment {
  readonly window: WindowAssignment;
  /** Number of inputs. */
  readonly tasks: number;
  /** Kind of the lanes that run them. */
  readonly laneKind: LaneId['kind'];
  /** Number of workers that answer requests themselves; absent: one process answers all. */
  readonly workers?: number;
  /** Whether gaps between requests are those of Poisson arrivals. */
  readonly isPoisson: boolean;
  /** Requests to `/ping`: when each is due, in ms since the start of the window. */
  readonly probesDueMs: readonly number[];
  /** Decides which idle connection takes a request. */
  readonly seed: number;
}

export type DriverRequest =
  /** Opens connections, and warms both sides up. */
  | { readonly kind: 'connect'; readonly server: ServerAddress; readonly seed: number }
  | { readonly kind: 'drive'; readonly server: ServerAddress; readonly drive: DriveAssignment };

export type DriverReply =
  | { readonly kind: 'booted' }
  | { readonly kind: 'connected' }
  | ({ readonly kind: 'driven' } & Driven);

/** A window as the driver saw it. */
export interface Driven extends Pick<ReplyOf<'windowed'>, 'digests' | 'thrown' | 'requests'> {
  readonly reading: TaskReadings;
  readonly driver: Omit<NonNullable<Window['driver']>, 'hostsAreNice'>;
  readonly cpuMs: number;
  readonly probeMs?: Window['probeMs'];
  /** A task that was lost with its lane, or a connection that broke. */
  readonly lost?: HostFailure;
}
