#!/usr/bin/env node
/** Imports nothing but this: where too few files may be open, all else could not be loaded. */
import { ignoreHangUp } from '../system/hang-up.ts';
import { causeText, missingFor } from './requirements.ts';

/** Wrong usage, as EXIT_STATUS has it. */
const REFUSED = 2;

ignoreHangUp();
const missing = missingFor(process.argv.slice(2));
if (missing === undefined) await import('./command-line.ts').catch(refuse);
else refuse(missing);

function refuse(reason: unknown): void {
  const text = typeof reason === 'string' ? reason : causeText(reason);
  if (text === undefined) throw reason;
  process.stderr.write(`lanewise: ${text}\n`);
  process.exitCode = REFUSED;
}
