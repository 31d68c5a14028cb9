import type { LaneError, LaneId, UnderWay } from '../../workers/contract.ts';
import type { Half, HostAssignment, HostRequest, LessonAssignment, WindowAssignment } from '../host/host-protocol.ts';
import type { HostFailure, HostReply, ReplyOf } from '../model/schema/host-reply.ts';
import type { Runtime } from '../model/plan.ts';
import { thisRuntime, type RuntimeName } from '../../workers/this-runtime.ts';
import { failureAmong } from '../host/failure-text.ts';
import { notStarted, openWorkerProcess, ProcessFailure } from './worker-process.ts';
import { traitsOf } from '../model/strategies.ts';

const CLOSE_TIMEOUT_MS = 10_000;
/** Work is doubted that continues after each of so many batches: after some of them, the runtime works on, too. */
const LOOKS = 4;
/** All requests of a window are answered by then, or it has failed. */
const FINISH_TIMEOUT_MS = 10_000;
/** A late host that does not answer within this time has a blocked event loop; on a busy machine, others take half a second. */
const INQUIRY_MS = 2000;

/** A host process: it runs one cell, one request at a time, and idles in between. */
export interface Host {
  readonly open: (assignment: HostAssignment) => Promise<ReplyOf<'opened'>>;
  /**
   * Runs one batch. `together`: how many hosts share the machine meanwhile. `announced`: report the start and end of
   * each task.
   */
  readonly warm: (together: number, announced?: boolean, half?: Half) => Promise<ReplyOf<'warmed'>>;
  /** @param looks whether to look at what its lanes do afterwards */
  readonly measure: (looks?: boolean) => Promise<ReplyOf<'measured'>>;
  /** @param limitMs time limit of the window and of what is unfinished after it */
  readonly window: (window: WindowAssignment, limitMs: number) => Promise<ReplyOf<'windowed'>>;
  /** Opens a server. @param path the beginning of every path that it serves */
  readonly listen: (path: string) => Promise<ReplyOf<'listening'>>;
  /** Begins a window of the server. @param inputs the input of each arrival */
  readonly accept: (inputs: readonly number[]) => Promise<ReplyOf<'accepting'>>;
  /** Ends it. */
  readonly finish: () => Promise<ReplyOf<'finished'>>;
  readonly trace: (watchesMemory: boolean) => Promise<ReplyOf<'traced'>>;
  readonly profile: () => Promise<ReplyOf<'profiled'>>;
  /** Runs a lesson, without opening a cell. */
  readonly perform: (assignment: LessonAssignment, limitMs: number) => Promise<ReplyOf<'performed'>>;
  readonly close: () => Promise<ReplyOf<'closed'>>;
  /** Kills the process and everything that it started. */
  readonly kill: () => Promise<void>;
}

/** The cell of a host failed; other cells are unaffected. */
export class HostError extends Error {
  readonly failure: HostFailure;

  constructor(failure: HostFailure) {
    super(failure.error.message);
    this.failure = failure;
  }
}

export interface HostOptions {
  /** Time limit of a batch. */
  readonly timeoutMs: number;
  /** Time limit for starting the process, and for opening its lanes; absent in results of earlier versions. */
  readonly startTimeoutMs?: number | undefined;
  readonly env: Readonly<Record<string, string>>;
  /** Undefined: the Node of this process. */
  readonly execPath?: string | undefined;
  readonly execArgv?: readonly string[];
  /** It is another runtime, with which messages need an encoding that both have. */
  readonly isForeign?: boolean;
}

/** Arguments before the file. Deno asks for permission and keeps files of its own by default. */
const ARGUMENTS: Readonly<Record<RuntimeName, readonly string[]>> = {
  node: [],
  bun: [],
  deno: ['run', '--allow-all', '--no-lock', '--node-modules-dir=manual'],
};

/** How a host is started on a runtime. */
export function launchOf({ execPath, name, flags }: Runtime): Pick<HostOptions, 'execPath' | 'execArgv' | 'isForeign'> {
  const areNode = name === 'node' && thisRuntime().name === 'node';
  return {
    execPath,
    execArgv: [...ARGUMENTS[name], ...flags],
    // All versions of Node write a structured clone alike; those of the others, nobody has compared.
    isForeign: !areNode && execPath !== process.execPath,
  };
}

/** Default of --start-timeout; long enough for a busy machine. */
export const START_TIMEOUT_MS = 30_000;

/** Beginning of the error of a batch that took too long. */
export const LATE_BATCH = 'a batch did not end within';
const LATE_REMEDY = 'raise --timeout or give it less to do, unless a task never ends';

/** Why a window failed that took longer than its limit. */
export function lateWindow(limitMs: number): string {
  return `a window did not end within ${(limitMs / 1000).toFixed(1)} s: ${LATE_REMEDY}`;
}

export type StartHost = (options: HostOptions) => Promise<Host>;

export async function startHost({
  timeoutMs,
  startTimeoutMs = START_TIMEOUT_MS,
  isForeign = false,
  ...own
}: HostOptions): Promise<Host> {
  // Loaded late, since the schemas take a while and wrong usage should be answered at once.
  const { isHostReply } = await import('../model/schema/host-reply.ts');
  const process = openWorkerProcess<HostRequest, HostReply>('host.cjs', {
    ...own,
    isMeasured: true,
    portable: isForeign ? (await import('../../workers/portable.ts')).portable : undefined,
    isReply: isHostReply,
  });
  /** Tasks that a host has announced and not ended. */
  const announced = new Set<number>();
  /** The host's main thread, if tasks run there, where a blocked task cannot be asked about. */
  let mainLane: LaneId | undefined;

  /** @throws HostError if the host failed, ended or is late */
  async function next<Kind extends HostReply['kind']>(
    kind: Kind,
    limitMs: number,
    late: string,
  ): Promise<ReplyOf<Kind>> {
    const until = performance.now() + limitMs;
    for (;;) {
      const reply = await process.next(Math.max(0, until - performance.now())).catch(async (thrown: unknown) => {
        if (!(thrown instanceof ProcessFailure)) throw thrown;
        throw new HostError(await failureOf(thrown, late));
      });
      if (reply.kind === 'began') announced.add(reply.task);
      else if (reply.kind === 'ended') announced.delete(reply.task);
      else if (reply.kind === 'failed') throw new HostError(await withLastWords(reply.failure));
      else if (reply.kind === kind) return reply as ReplyOf<Kind>;
      else throw new HostError({ error: strayReply(reply.kind, kind) });
    }
  }

  async function ask<Kind extends HostReply['kind']>(
    request: HostRequest,
    kind: Kind,
    limitMs: number,
    late: string,
  ): Promise<ReplyOf<Kind>> {
    announced.clear();
    process.send(request);
    return next(kind, limitMs, late);
  }

  /** Describes a failure. Of a host that was killed or does not answer, only its announced tasks are known. */
  async function failureOf({ name, message }: ProcessFailure, late: string): Promise<HostFailure> {
    if (name !== 'TimeoutError') return failureAmong({ name, message }, announcedTasks());
    const underWay = await inquire();
    const blocked = underWay === undefined ? ' (its event loop was blocked, or it no longer answers)' : '';
    return failureAmong({ name, message: `${late}${blocked}` }, underWay ?? announcedTasks());
  }

  /** Undefined if the host does not answer. */
  async function inquire(): Promise<readonly UnderWay[] | undefined> {
    process.send({ kind: 'inquire' });
    const until = performance.now() + INQUIRY_MS;
    while (performance.now() < until) {
      const reply = await process.next(until - performance.now()).catch(() => undefined);
      if (reply === undefined) return undefined;
      if (reply.kind === 'underWay') return reply.tasks;
    }
    return undefined;
  }

  function announcedTasks(): readonly UnderWay[] {
    return [...announced].map((task) => ({ task, ...(mainLane !== undefined && { lane: mainLane }) }));
  }

  /** Adds the last line on stderr, for a child that ended without a message. */
  async function withLastWords({ error, ...where }: HostFailure): Promise<HostFailure> {
    if (error.name !== 'ProcessEnded') return { error, ...where };
    const message = `${error.message}${await process.lastWords(signalIn(error.message))}`;
    return { ...where, error: { ...error, message } };
  }

  const lateBatch = `${LATE_BATCH} ${timeoutMs / 1000} s: ${LATE_REMEDY}`;
  const lateOpening = `its workers were not ready within ${startTimeoutMs / 1000} s: the module, its \`input\` or its \`setup\` did not end, or needs a longer --start-timeout`;
  const lateStart = `its process did not start within ${startTimeoutMs / 1000} s: raise --start-timeout`;
  const lateClosing = `after ${CLOSE_TIMEOUT_MS / 1000} s its \`teardown\`, or work that no task waited for, went on`;
  try {
    await next('booted', startTimeoutMs, lateStart);
  } catch (thrown) {
    process.kill();
    if (!(thrown instanceof HostError) || thrown.failure.error.name !== 'ProcessEnded') throw thrown;
    const { message } = notStarted('its process', thrown);
    throw new HostError({ error: { ...thrown.failure.error, message } });
  }
  return {
    open: (assignment) => {
      if (traitsOf({ strategy: assignment.strategy, ...assignment.ownStrategy }).laneKind === 'main')
        mainLane = { kind: 'main', index: 0 };
      return ask({ kind: 'open', assignment }, 'opened', startTimeoutMs, lateOpening);
    },
    warm: (together, announce = false, half) =>
      ask(
        { kind: 'warm', announced: announce, ...(half !== undefined && { half }) },
        'warmed',
        timeoutMs * together,
        lateBatch,
      ),
    measure: (looks = false) =>
      ask({ kind: 'measure', looks: looks ? LOOKS : 0 }, 'measured', timeoutMs * (looks ? LOOKS : 1), lateBatch),
    window: (window, limitMs) => ask({ kind: 'window', window }, 'windowed', limitMs, lateWindow(limitMs)),
    listen: (path) => ask({ kind: 'listen', path }, 'listening', startTimeoutMs, lateOpening),
    accept: (inputs) => ask({ kind: 'accept', inputs }, 'accepting', startTimeoutMs, lateOpening),
    finish: () => ask({ kind: 'finish' }, 'finished', FINISH_TIMEOUT_MS, `a window did not end: ${LATE_REMEDY}`),
    trace: (watchesMemory) => ask({ kind: 'trace', watchesMemory }, 'traced', timeoutMs, lateBatch),
    // Two recordings, each with a batch that may take up to the limit.
    profile: () => ask({ kind: 'profile' }, 'profiled', timeoutMs * 2, lateBatch),
    perform: (assignment, limitMs) =>
      ask({ kind: 'perform', assignment }, 'performed', limitMs, `no answer within ${limitMs / 1000} s`),
    close: () => ask({ kind: 'close' }, 'closed', CLOSE_TIMEOUT_MS, lateClosing),
    kill: async () => {
      process.kill();
      await process.end();
    },
  };
}

/** The signal that ended a child, from the host's message. */
function signalIn(message: string): string | null {
  return /\bsignal (SIG\w+)/.exec(message)?.[1] ?? null;
}

function strayReply(given: string, due: string): LaneError {
  return {
    name: 'ProtocolError',
    message: `the host answered "${given}" where "${due}" was due: does the workload send messages in Lanewise’s name?`,
  };
}
