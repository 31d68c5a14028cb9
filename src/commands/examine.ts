import { doctor } from '../flow/doctor.ts';
import { renderDiagnosis } from '../report/diagnosis-text.ts';
import { isSet, type Args } from '../options/args.ts';
import { interruptible } from '../session/interruptible.ts';
import { lockOptions } from '../options/lock-flags.ts';
import { openProgress, type Progress } from '../session/progress.ts';
import { paintFor } from '../cli/screen.ts';

/** `lanewise doctor`. @throws LanewiseError if it was interrupted */
export async function examine(args: Args): Promise<string> {
  const interruption = interruptible();
  let progress: Progress | undefined;
  try {
    const diagnosis = await doctor(
      { factsOnly: isSet(args, 'facts') },
      (plan) => {
        interruption.begin();
        progress?.stop();
        const shown = openProgress(plan, process.stderr, isSet(args, 'quiet'));
        progress = shown;
        return { ...shown, signal: interruption.signal };
      },
      lockOptions(args),
    );
    progress?.stop();
    if (isSet(args, 'json')) return `${JSON.stringify(diagnosis, undefined, 2)}\n`;
    return renderDiagnosis(diagnosis, paintFor(args, process.stdout));
  } finally {
    progress?.stop();
    interruption.end();
  }
}
