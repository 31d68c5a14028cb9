import { fstatSync } from 'node:fs';
import { textOf } from '../../workers/system-files.ts';

/**
 * Ignores SIGHUP if this process was started to outlive its terminal, as by `nohup`. Node resets inherited ignored
 * signals, so other traces of `nohup` are checked.
 */
export function ignoreHangUp(): void {
  if (isToOutlive()) process.on('SIGHUP', () => undefined);
}

/** Whether this process should survive SIGHUP. */
export function isToOutlive(): boolean {
  return isNohup() || isIgnoredByParent() || isFarFromTerminal();
}

/** Whether `nohup` started it: shells put the command in `_`. */
function isNohup(): boolean {
  return /(?:^|\/)nohup$/.test(process.env._ ?? '');
}

/** Whether its parent ignores SIGHUP, as a shell after `trap '' HUP`. Linux only. */
function isIgnoredByParent(): boolean {
  const mask = /^SigIgn:\s*([\da-f]+)$/m.exec(textOf(`/proc/${process.ppid}/status`))?.[1];
  // SIGHUP is the first signal.
  return mask !== undefined && BigInt(`0x${mask}`) % 2n === 1n;
}

/** Whether output goes to a file and no stream is a terminal, as under `nohup`: then no terminal can have hung up. */
function isFarFromTerminal(): boolean {
  const streams = [process.stdin, process.stdout, process.stderr];
  return streams.every((stream) => !stream.isTTY) && [1, 2].some(isFile);
}

function isFile(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isFile();
  } catch {
    return false;
  }
}
