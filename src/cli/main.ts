#!/usr/bin/env node
/** Imports nothing at once: an older Node could not load it, and with a low limit of open files, no Node could. */

/**
 * Wrong usage and an internal error, as in EXIT_STATUS: Node would exit with 1, the status of a failed configuration.
 */
const REFUSED = 2;
const INTERNAL = 70;
/** As in `engines` of package.json. */
const OLDEST_NODE = [20, 19] as const;

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1]))
  refuse(`This is Node ${process.versions.node}, and Lanewise needs ${OLDEST_NODE.join('.')} or later.`);
else await start().catch(refuseFor);

async function start(): Promise<void> {
  const { ignoreHangUp } = await import('../system/hang-up.ts');
  ignoreHangUp();
  const { missingFor } = await import('./requirements.ts');
  const missing = missingFor(process.argv.slice(2));
  if (missing === undefined) await import('./command-line.ts');
  else await explain(missing);
}

async function refuseFor(thrown: unknown): Promise<void> {
  // Then nothing else can be loaded.
  if (thrown instanceof Error && 'code' in thrown && (thrown.code === 'EMFILE' || thrown.code === 'ENFILE'))
    return refuse('Too many open files: raise the limit with "ulimit -n 4096".');
  const { causeText } = await import('./requirements.ts');
  const text = causeText(thrown);
  if (text !== undefined) return explain(text);
  refuse(thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown), INTERNAL);
}

async function explain(sentence: string): Promise<void> {
  refuse(sentence);
  if (!process.stderr.isTTY) return;
  const { errorsPage } = await import('../system/surroundings.ts');
  process.stderr.write(`More: ${errorsPage()}\n`);
}

function refuse(text: string, status: number = REFUSED): void {
  process.stderr.write(`lanewise: ${text}\n`);
  process.exitCode = status;
}
