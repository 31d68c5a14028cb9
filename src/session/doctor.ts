import { doctor } from '../flow.ts';
import { diagnosisDocument } from '../report/diagnosis-document.ts';
import { dressTerminal } from '../report/dress/terminal.ts';
import type { ValuesOf } from '../options/table.ts';
import { paintFor } from '../cli/screen.ts';
import { Terminal } from './terminal.ts';

/** `lanewise doctor`. @returns the exit status @throws LanewiseError if it was interrupted */
export async function examine(values: ValuesOf<'doctor'>): Promise<number> {
  const terminal = new Terminal(values);
  try {
    return await doctor({
      signal: terminal.signal,
      lock: terminal.lock,
      follow: (stage, measuring) => terminal.follow(stage, measuring),
      ask: () => ({ factsOnly: values.facts === true }),
      report: (diagnosis) => {
        process.stdout.write(
          values.json === true
            ? `${JSON.stringify(diagnosis, undefined, 2)}\n`
            : dressTerminal(diagnosisDocument(diagnosis), paintFor(values, process.stdout)),
        );
        return 0;
      },
    });
  } finally {
    await terminal.close();
  }
}
