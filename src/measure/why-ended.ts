import { writeFileSync } from 'node:fs';
import { plainText } from '../../workers/describe-error.ts';
import { platformOf } from '../../workers/platform.ts';
import { findCgroups, killsIn, memoryKills, memoryLimit } from './cgroup.ts';

/** Signals of a process that crashes; others come from outside, and leave no message. */
const OF_ITS_OWN = new Set(['SIGABRT', 'SIGTRAP', 'SIGSEGV', 'SIGBUS', 'SIGILL', 'SIGFPE']);

/**
 * Finds why a process ended at the end of its stderr: `: Error: …`, or nothing. Earlier logs are not the reason, nor is
 * anything written before it was killed.
 *
 * @param signal that ended it; null if there was none, or if it is unknown
 */
export function lastWords(stderr: string, signal: string | null): string {
  if (signal !== null && !OF_ITS_OWN.has(signal)) return '';
  const line = reasonIn(stderr.split('\n').map((text) => text.trim()));
  return line === undefined ? '' : `: ${plainText(line.replace(/\.$/, ''))}`;
}

const ERROR = /^(?:\w*(?:Error|Exception)\b|Uncaught )/;
/** A program’s own word for it, with which no field of an error begins. */
const SAID = /^(?:fatal|panic)\b/i;
/** V8's own end; after it only the addresses of a native stack are printed. */
const FATAL = /^(?:#? ?FATAL ERROR|# Fatal error|\w+: FATAL ERROR)/i;
/** The last line that Node prints after an uncaught error. */
const NODE_VERSION = /^Node\.js v\d/;
/** Lines after the message: the stack, fields of the error, a native stack. */
const FOLLOWING =
  /^(?:at\b|\.\.\. \d+ lines matching|[{}\]]|\[?[\w$'-]+\]?: |\d+: 0x|[-=]+|\(Use `node|Node\.js v\d|\[\d+:0x|#\s*$|$)/;

function reasonIn(lines: readonly string[]): string | undefined {
  const fatal = lines.findLastIndex((line) => FATAL.test(line));
  if (fatal !== -1 && lines.slice(fatal + 1).every((line) => FOLLOWING.test(line))) return lines[fatal];
  // For an uncaught error, Node prints the place, the message and its own version.
  const isUncaught = NODE_VERSION.test(lines.findLast((line) => line !== '') ?? '');
  return (isUncaught ? lines.findLast((line) => ERROR.test(line)) : undefined) ?? sayingIn(lines);
}

/** The last line that does not just follow another, if it looks like an error. */
function sayingIn(lines: readonly string[]): string | undefined {
  const saying = lines.findLast((line) => ERROR.test(line) || SAID.test(line) || !FOLLOWING.test(line));
  if (saying === undefined) return undefined;
  const isReason =
    ERROR.test(saying) ||
    /error|fail|fatal|not allowed|bad option|cannot|unable|refused|denied|invalid|missing|not found|panic/i.test(
      saying,
    );
  return isReason && !/[;{}=]$/.test(saying) ? saying : undefined;
}

const REMEDY = 'Ask for fewer or smaller pools with -s, -p and -c';

/**
 * Reads kill counts when a process starts; call the result when it was killed. Linux only.
 *
 * @param root folder of the system's files
 * @returns the reason, if the kernel has since killed a process of this cgroup or of the machine for lack of memory
 */
export function watchMemoryKills(root = ''): () => string | undefined {
  const cgroups = findCgroups(root);
  const ofMachine = `${root}/proc/vmstat`;
  const [before, beforeOnMachine] = [memoryKills(cgroups), killsIn(ofMachine)];
  return () => {
    if (memoryKills(cgroups) > before) {
      const limit = memoryLimit(cgroups);
      const shown = limit === undefined ? '' : ` (limit ${Math.round(limit / 2 ** 20)} MiB)`;
      return `its cgroup ran out of memory${shown} and the kernel killed it. ${REMEDY}, or raise the limit`;
    }
    if (killsIn(ofMachine) > beforeOnMachine)
      return `the kernel killed processes of this machine for lack of memory, and probably this one. ${REMEDY}`;
    return undefined;
  };
}

/** Between 0 and 1000: before everything that has not asked for it. */
const KILLED_FIRST = 500;

/** Makes the kernel, if it lacks memory, kill a host and its lanes instead of the process that reports. */
export function offerToKernel(pid: number): void {
  if (!platformOf().isLinux) return;
  try {
    writeFileSync(`/proc/${pid}/oom_score_adj`, String(KILLED_FIRST));
  } catch {
    // It has ended, or the system does not allow this, so the kernel chooses.
  }
}
