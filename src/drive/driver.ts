import { openConnections, type ConnectionPool } from './connections.ts';
import { openMetronome } from '../host/metronome.ts';
import { driveWindow } from './drive-window.ts';
import type { DriverReply, DriverRequest, ServerAddress } from './drive-protocol.ts';

/** Requests of a warm-up, on all connections at once: by then, most of what both sides of one pass through is compiled. */
const WARM_UPS = 4000;
/** With a new connection each, since every one keeps a port for a minute. */
const NEW_WARM_UPS = 20;

/** Makes the function that carries out the requests to a driver. */
export function driverOf(): (request: DriverRequest) => Promise<DriverReply> {
  /** By the path of the server: a port can be given twice. */
  const pools = new Map<string, ConnectionPool>();
  const metronomes = Promise.all([openMetronome(), openMetronome()]);

  function poolOf({ port, path, connections }: ServerAddress, seed: number): ConnectionPool {
    const pool = pools.get(path) ?? openConnections(port, connections, seed);
    pools.set(path, pool);
    return pool;
  }

  return async (request) => {
    const { server } = request;
    if (request.kind === 'connect') {
      const { ask } = poolOf(server, request.seed);
      const [together, times] =
        server.connections === 'new' ? [1, NEW_WARM_UPS] : [server.connections, WARM_UPS / server.connections];
      // All at once, so that each opens a connection.
      for (let time = 0; time < times; time++)
        await Promise.all(Array.from({ length: together }, () => ask(`${server.path}/ping`)));
      return { kind: 'connected' };
    }
    const { drive } = request;
    return { kind: 'driven', ...(await driveWindow(drive, server.path, poolOf(server, drive.seed), await metronomes)) };
  };
}
