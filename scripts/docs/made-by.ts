import { cpus } from 'node:os';

/** Date, command and machine of figures, so that they can be reproduced. */
export function madeBy(command: string): string {
  const [cpu] = cpus();
  return `Made on ${new Date().toISOString().slice(0, 10)} by \`${command}\`; ${cpu?.model.trim() ?? 'unknown CPU'}, ${cpus().length} CPUs, Node ${process.version}, ${process.platform}.`;
}
