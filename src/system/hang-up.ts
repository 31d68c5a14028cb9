import { fstatSync, readFileSync } from 'node:fs';

/**
 * Lets this process outlive a hang-up if it was started so, as by `nohup`. Node takes back what it inherits of signals that are ignored, so
 * that what `nohup` leaves otherwise is looked for.
 */
export function ignoreHangUp(): void {
  if (isToOutlive()) process.on('SIGHUP', () => undefined);
}

/** Whether a hang-up ends nothing here. */
export function isToOutlive(): boolean {
  return isNohup() || isIgnoredByParent() || isFarFromTerminal();
}

/** Shells say what they start. */
function isNohup(): boolean {
  return /(?:^|\/)nohup$/.test(process.env._ ?? '');
}

/** A shell in which `trap '' HUP` was said. Linux only. */
function isIgnoredByParent(): boolean {
  try {
    const mask = /^SigIgn:\s*([\da-f]+)$/m.exec(readFileSync(`/proc/${process.ppid}/status`, 'utf8'))?.[1];
    // SIGHUP is the first signal.
    return mask !== undefined && BigInt(`0x${mask}`) % 2n === 1n;
  } catch {
    return false;
  }
}

/** What is written goes to a file and nothing to a terminal, as `nohup` has it: then whose terminal would have hung up? */
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
