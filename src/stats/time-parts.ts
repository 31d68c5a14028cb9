/** Attributes the samples of a CPU profile to the parts of a worker's time. Pure: times and functions in, shares out. */
import type { CpuProfile, Nanoseconds } from '../../workers/contract.ts';
import type { TimeParts } from '../model/results.ts';

const NS_PER_US = 1000;

/** Part of a batch: from when to when. */
export type Span = readonly [fromNs: Nanoseconds, toNs: Nanoseconds];

export interface ProfiledLane {
  readonly profile: CpuProfile;
  readonly startedNs: Nanoseconds;
}

/**
 * Shares of the time within the spans. A sample within a span stands for the time until the next one, or the span's end:
 * what ran before the span says nothing about it.
 *
 * @param isTool whether the file of a function is Lanewise's own
 * @returns undefined if no sample is within the spans
 */
export function timeParts(
  { profile, startedNs }: ProfiledLane,
  spans: readonly Span[],
  isTool: (url: string) => boolean,
): TimeParts | undefined {
  const partOfNode = partsOfNodes(profile.nodes, isTool);
  const { samples = [], timeDeltas = [], endTime, startTime } = profile;
  const toNs = (us: number): Nanoseconds => startedNs + (us - startTime) * NS_PER_US;
  const spentNs: TimeParts = { own: 0, serialization: 0, gc: 0, idle: 0, other: 0 };
  let atUs = startTime;
  for (const [index, node] of samples.entries()) {
    atUs += timeDeltas[index] ?? 0;
    const next = timeDeltas[index + 1];
    const atNs = toNs(atUs);
    const span = spans.find(([from, to]) => from <= atNs && atNs < to);
    if (span !== undefined)
      spentNs[partOfNode(node)] += within([span], atNs, toNs(next === undefined ? endTime : atUs + next));
  }
  const total = Object.values(spentNs).reduce((sum, ns) => sum + ns, 0);
  if (total === 0) return undefined;
  const share = (part: keyof TimeParts): number => spentNs[part] / total;
  return {
    own: share('own'),
    serialization: share('serialization'),
    gc: share('gc'),
    idle: share('idle'),
    other: share('other'),
  };
}

/** Length of the part of an interval that is within the spans. */
export function within(spans: readonly Span[], fromNs: Nanoseconds, toNs: Nanoseconds): number {
  return spans.reduce((sum, [start, end]) => sum + Math.max(0, Math.min(end, toNs) - Math.max(start, fromNs)), 0);
}

type Frame = CpuProfile['nodes'][number]['callFrame'];
type Part = keyof TimeParts;

function partsOfNodes(nodes: CpuProfile['nodes'], isTool: (url: string) => boolean): (node: number) => Part {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)));
  const known = new Map<number, Part>();
  /** From the function that ran to the first that was called. */
  const stackOf = (id: number): readonly Frame[] => {
    const stack: Frame[] = [];
    for (let at: number | undefined = id; at !== undefined; at = parents.get(at)) {
      const node = byId.get(at);
      if (node !== undefined) stack.push(node.callFrame);
    }
    return stack;
  };
  return (id) => {
    const part = known.get(id) ?? partOf(stackOf(id), isTool);
    known.set(id, part);
    return part;
  };
}

/** Names that V8 gives to what is no function. */
const V8_PARTS: Readonly<Record<string, Part>> = {
  '(garbage collector)': 'gc',
  '(idle)': 'idle',
  '(program)': 'other',
};

function partOf(stack: readonly Frame[], isTool: (url: string) => boolean): Part {
  const [leaf] = stack;
  if (leaf === undefined) return 'other';
  const special = leaf.url === '' ? V8_PARTS[leaf.functionName] : undefined;
  if (special !== undefined) return special;
  // Everything that the workload's code calls is its own, even a copy of its own.
  if (stack.some(({ url }) => isOwn(url, isTool))) return 'own';
  if (isPiscinaWait(leaf)) return 'idle';
  return isMessaging(stack, isTool) ? 'serialization' : 'other';
}

const LIBRARY = /[/\\]node_modules[/\\](?:piscina|tinybench)[/\\]/;
const PISCINA = /[/\\]node_modules[/\\]piscina[/\\]/;

/** Whether a function is in a file that is neither of Node, nor of Lanewise, nor of what it measures with. */
function isOwn(url: string, isTool: (url: string) => boolean): boolean {
  return url !== '' && !url.startsWith('node:') && !LIBRARY.test(url) && !isTool(url);
}

/** The loop in which an idle thread of Piscina is parked by `Atomics.wait`, which has no name of its own. */
function isPiscinaWait({ functionName, url }: Frame): boolean {
  return functionName === 'atomicsWaitLoop' && PISCINA.test(url);
}

/** Node's functions that copy messages between threads. */
const NODE_COPIES = /^(?:postMessage|receiveMessageOnPort)$/;
/** Piscina's functions that call `postMessage`: optimized code hides it in them, and they do little else. */
const PISCINA_POSTS = /^(?:postTask|onMessage)$/;
/** Lanewise's functions that write and read messages of processes; a bundle may number them. */
const FRAMES = /^(?:frameOf|cloneFrame|jsonFrame|cloneIn)\d*$/;
/** Where Node writes to a pipe, reads from it and copies bytes. */
const PIPES = /^node:(?:net$|v8$|buffer$|internal\/buffer$|internal\/stream)/;

/** Whether the function that ran, or one that called it, copies, writes or reads messages between workers. */
function isMessaging(stack: readonly Frame[], isTool: (url: string) => boolean): boolean {
  // A native function counts as the function that called it.
  const leaf = stack.find(({ url }) => url !== '');
  if (leaf === undefined) return false;
  if (PISCINA.test(leaf.url) && PISCINA_POSTS.test(leaf.functionName)) return true;
  if (stack.some(({ functionName, url }) => NODE_COPIES.test(functionName) && !isTool(url))) return true;
  const tool = stack.filter(({ url }) => isTool(url));
  return tool.some(({ functionName }) => FRAMES.test(functionName)) || (tool.length > 0 && PIPES.test(leaf.url));
}
