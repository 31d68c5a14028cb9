#!/usr/bin/env node
/** Imports nothing but this: where too few files may be open, all else could not be loaded. */
import { ignoreHangUp } from '../system/hang-up.ts';
import { causeText, missingFor } from './requirements.ts';

/** Wrong usage and an internal error, as EXIT_STATUS has them: Node would end with 1, which is that of a configuration that failed. */
const REFUSED = 2;
const INTERNAL = 70;

ignoreHangUp();
const missing = missingFor(process.argv.slice(2));
if (missing === undefined) await import('./command-line.ts').catch(refuse);
else refuse(missing);

function refuse(reason: unknown): void {
  const text = typeof reason === 'string' ? reason : causeText(reason);
  const shown = text ?? (reason instanceof Error ? (reason.stack ?? reason.message) : String(reason));
  process.stderr.write(`lanewise: ${shown}\n`);
  process.exitCode = text === undefined ? INTERNAL : REFUSED;
}
