import { cpus } from 'node:os';

/** When, by what and where figures were made: without that, nobody can make them again. */
export function madeBy(command: string): string {
  const [cpu] = cpus();
  return `Made on ${new Date().toISOString().slice(0, 10)} by \`${command}\`; ${cpu?.model.trim() ?? 'unknown CPU'}, ${cpus().length} CPUs, Node ${process.version}, ${process.platform}.`;
}
