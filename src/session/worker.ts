import { LanewiseError } from '../model/errors.ts';
import { readable } from '../model/text.ts';
import type { ValuesOf } from '../options/table.ts';
import { queueUrlHere, workingFolder } from '../system/surroundings.ts';
import { resolve } from 'node:path';

/** Runs `lanewise worker`: joins a run of another machine. @returns the exit status @throws LanewiseError */
export async function joinRun({ join, modules, trusted, quiet = false }: ValuesOf<'worker'>): Promise<number> {
  const { url, token } = addressIn(join);
  const { serveRun } = await import('../measure/worker-machine.ts');
  await serveRun({
    url,
    token,
    insecure: trusted,
    folder: resolve(workingFolder(), modules ?? '.'),
    say: (text) => void (quiet || process.stderr.write(`${readable(text)}\n`)),
  });
  return 0;
}

/** @throws LanewiseError for anything but `URL#token`, where the URL may be in the environment */
function addressIn(join: string): { readonly url: string; readonly token: string } {
  const [, written = '', token] = /^([^#]*)#([\w-]+)$/.exec(join) ?? [];
  const url = written === '' ? queueUrlHere() : written;
  if (token === undefined)
    throw new LanewiseError('usage', 'Invalid --join: paste the line that the run prints, URL#token in quotes.');
  if (url === undefined)
    throw new LanewiseError(
      'usage',
      'Invalid --join: it has no address. Set LANEWISE_QUEUE_URL as on the other machine.',
    );
  return { url, token };
}
