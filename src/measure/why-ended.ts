import { writeFileSync } from 'node:fs';
import { plainText } from '../../workers/describe-error.ts';
import { findCgroups, killsIn, memoryKills, memoryLimit } from './cgroup.ts';

/** Signals by which a process ends itself when something is wrong with it; all others come from outside, and it says nothing of them. */
const OF_ITS_OWN = new Set(['SIGABRT', 'SIGTRAP', 'SIGSEGV', 'SIGBUS', 'SIGILL', 'SIGFPE']);

/**
 * Why a process ended, by what stands last on its stderr: `: Error: …`, or nothing. What it has logged before is not the reason, nor is
 * anything that it wrote before it was killed.
 *
 * @param signal by which it ended; null if it did not end by one, or if that is not known
 */
export function lastWords(stderr: string, signal: string | null): string {
  if (signal !== null && !OF_ITS_OWN.has(signal)) return '';
  const line = reasonIn(stderr.split('\n').map((text) => text.trim()));
  return line === undefined ? '' : `: ${plainText(line.replace(/\.$/, ''))}`;
}

const ERROR = /^(?:\w*(?:Error|Exception)\b|Uncaught )/;
/** V8's own end; after it only the addresses of a native stack are printed. */
const FATAL = /^(?:#? ?FATAL ERROR|# Fatal error|\w+: FATAL ERROR)/i;
/** What Node prints last of all after an uncaught error. */
const NODE_VERSION = /^Node\.js v\d/;
/** What follows the line that says it: where it was thrown, the error's own fields, a native stack. */
const FOLLOWING =
  /^(?:at\b|\.\.\. \d+ lines matching|[{}\]]|\[?[\w$'-]+\]?: |\d+: 0x|[-=]+|\(Use `node|Node\.js v\d|\[\d+:0x|#\s*$|$)/;

function reasonIn(lines: readonly string[]): string | undefined {
  const fatal = lines.findLastIndex((line) => FATAL.test(line));
  if (fatal !== -1 && lines.slice(fatal + 1).every((line) => FOLLOWING.test(line))) return lines[fatal];
  // Of an uncaught error Node prints where it was thrown, what it says, and its own version.
  const isUncaught = NODE_VERSION.test(lines.findLast((line) => line !== '') ?? '');
  return (isUncaught ? lines.findLast((line) => ERROR.test(line)) : undefined) ?? sayingIn(lines);
}

/** The last line that is no more than the end of one before; one that no error would say is not the reason. */
function sayingIn(lines: readonly string[]): string | undefined {
  const saying = lines.findLast((line) => ERROR.test(line) || !FOLLOWING.test(line));
  if (saying === undefined) return undefined;
  const isReason = ERROR.test(saying) || /error|failed|not allowed|bad option|cannot|refused/i.test(saying);
  return isReason && !/[;{}=]$/.test(saying) ? saying : undefined;
}

const BYTES_PER_MIB = 2 ** 20;
const REMEDY = 'Ask for fewer or smaller pools with -s, -p and -c';

/**
 * Looks when a process starts; what comes back is asked when it was killed. Linux only.
 *
 * @param root where the system's files are
 * @returns the reason, if the kernel has since killed something of this cgroup, or of the machine, for want of memory
 */
export function watchMemoryKills(root = ''): () => string | undefined {
  const cgroups = findCgroups(root);
  const ofMachine = `${root}/proc/vmstat`;
  const [before, beforeOnMachine] = [memoryKills(cgroups), killsIn(ofMachine)];
  return () => {
    if (memoryKills(cgroups) > before) {
      const limit = memoryLimit(cgroups);
      const shown = limit === undefined ? '' : ` (limit ${Math.round(limit / BYTES_PER_MIB)} MiB)`;
      return `its cgroup ran out of memory${shown} and the kernel killed it. ${REMEDY}, or raise the limit`;
    }
    if (killsIn(ofMachine) > beforeOnMachine)
      return `the kernel killed processes of this machine for want of memory, and probably this one. ${REMEDY}`;
    return undefined;
  };
}

/** Between 0 and 1000: before everything that has not asked for it. */
const KILLED_FIRST = 500;

/** For want of memory the kernel is to kill a host and its lanes, of which the report can tell, and not the process that reports. */
export function offerToKernel(pid: number): void {
  if (process.platform !== 'linux') return;
  try {
    writeFileSync(`/proc/${pid}/oom_score_adj`, String(KILLED_FIRST));
  } catch {
    // It has ended, or the system does not allow it: then the kernel chooses.
  }
}
