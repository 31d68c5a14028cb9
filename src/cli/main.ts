#!/usr/bin/env node
/** Imports next to nothing: with a low limit of open files, more could not be loaded. */
import { ignoreHangUp } from '../system/hang-up.ts';
import { errorsPage } from '../system/surroundings.ts';
import { causeText, missingFor } from './requirements.ts';

/**
 * Wrong usage and an internal error, as in EXIT_STATUS: Node would exit with 1, the status of a failed configuration.
 */
const REFUSED = 2;
const INTERNAL = 70;

ignoreHangUp();
const missing = missingFor(process.argv.slice(2));
if (missing === undefined) await import('./command-line.ts').catch(refuse);
else refuse(missing);

function refuse(reason: unknown): void {
  const text = typeof reason === 'string' ? reason : causeText(reason);
  const shown = text ?? (reason instanceof Error ? (reason.stack ?? reason.message) : String(reason));
  const more = text !== undefined && process.stderr.isTTY ? `More: ${errorsPage()}\n` : '';
  process.stderr.write(`lanewise: ${shown}\n${more}`);
  process.exitCode = text === undefined ? INTERNAL : REFUSED;
}
