import type { ServerAddress } from '../drive/drive-protocol.ts';
import type { WindowAssignment } from '../host/host-protocol.ts';
import type { RatedLoad } from '../model/plan.ts';
import type { ReplyOf } from '../model/schema/host-reply.ts';
import { hasServers, traitsOf } from '../model/strategies.ts';
import type { CellHost, GroupContext } from './cell-hosts.ts';
import { secretPath } from './driver.ts';
import { HostError, lateWindow, type Host } from './host.ts';

export type WindowOutcome = Pick<ReplyOf<'windowed'>, 'reading' | 'digests' | 'thrown' | 'requests'>;

interface Drive {
  readonly window: WindowAssignment;
  /** Time limit of the window and of what is unfinished after it. */
  readonly limitMs: number;
  readonly seed: number;
  /** Whether the gaps between its arrivals are to be exponential. */
  readonly isPoisson: boolean;
}

/**
 * Runs a window whose tasks are requested over HTTP by another process.
 *
 * @throws HostError if a task or a connection is lost, or the window does not end
 */
export async function requestWindow(
  { group, driver }: Pick<GroupContext, 'group' | 'driver'>,
  { log, host }: CellHost,
  { connections = 1, probePerSecond = 0 }: Pick<RatedLoad, 'connections' | 'probePerSecond'>,
  { window, limitMs, seed, isPoisson }: Drive,
): Promise<WindowOutcome> {
  if (driver === undefined) throw new RangeError('nothing can send requests');
  let listening = servers.get(host);
  if (listening === undefined) {
    const path = secretPath();
    const { port, isNice } = await host.listen(path);
    listening = { address: { port, path, connections }, isNice };
    servers.set(host, listening);
    await driver.connect(listening.address, seed);
  }
  const { address, isNice } = listening;
  await host.accept(window.inputs);
  const driven = await driver.drive(
    address,
    {
      window,
      tasks: group.workload.tasks,
      laneKind: traitsOf(log.cell).laneKind,
      ...(hasServers(log.cell) && { workers: log.cell.poolSize }),
      isPoisson,
      probesDueMs: probesDueMs(window, probePerSecond),
      seed,
    },
    limitMs,
  );
  // A host that has failed says why.
  const { costs } = await host.finish();
  if (driven === undefined) throw new HostError({ error: { name: 'TimeoutError', message: lateWindow(limitMs) } });
  if (driven.lost !== undefined) throw new HostError(driven.lost);
  const { reading, digests, thrown, requests, probeMs, driver: drove } = driven;
  return {
    reading: { ...reading, ...costs, ...(probeMs && { probeMs }), driver: { ...drove, hostsAreNice: isNice } },
    digests,
    ...(thrown && { thrown }),
    ...(requests && { requests }),
  };
}

/** The server of each host. */
const servers = new WeakMap<Host, { readonly address: ServerAddress; readonly isNice: boolean }>();

/** At a constant distance, from the middle of the first one. */
function probesDueMs({ dueMs }: WindowAssignment, perSecond: number): readonly number[] {
  const endMs = dueMs.at(-1) ?? 0;
  const distanceMs = 1000 / perSecond;
  const probes: number[] = [];
  for (let ms = distanceMs / 2; ms < endMs; ms += distanceMs) probes.push(ms);
  return probes;
}
