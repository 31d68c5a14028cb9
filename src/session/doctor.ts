import { doctor } from '../flow.ts';
import type { ValuesOf } from '../options/table.ts';
import { diagnosisDocument } from '../report/diagnosis-document.ts';
import { printing } from './printed.ts';
import { Terminal } from './terminal.ts';

/** Runs `lanewise doctor`. @returns the exit status @throws LanewiseError if it was interrupted */
export async function diagnoseMachine(values: ValuesOf<'doctor'>): Promise<number> {
  const print = printing(values, 'diagnosis', diagnosisDocument);
  const terminal = new Terminal(values);
  try {
    await doctor({
      signal: terminal.signal,
      lock: terminal.lock,
      follow: (stage, measuring) => terminal.follow(stage, measuring),
      ask: () => ({ factsOnly: values.facts === true }),
      report: print,
    });
    return 0;
  } finally {
    await terminal.close();
  }
}
