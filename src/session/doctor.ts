import { doctor } from '../flow.ts';
import { renderDiagnosis } from '../report/diagnosis-text.ts';
import { isSet, type Args } from '../options/args.ts';
import { paintFor } from '../cli/screen.ts';
import { Terminal } from './terminal.ts';

/** `lanewise doctor`. @throws LanewiseError if it was interrupted */
export async function examine(args: Args): Promise<void> {
  const terminal = new Terminal(args);
  try {
    await doctor({
      signal: terminal.signal,
      lock: terminal.lock,
      follow: (stage, measuring) => terminal.follow(stage, measuring),
      ask: () => ({ factsOnly: isSet(args, 'facts') }),
      report: (diagnosis) => {
        process.stdout.write(
          isSet(args, 'json')
            ? `${JSON.stringify(diagnosis, undefined, 2)}\n`
            : renderDiagnosis(diagnosis, paintFor(args, process.stdout)),
        );
      },
    });
  } finally {
    await terminal.close();
  }
}
