import type { Step } from '../lessons/teach.ts';
import { parseConfiguration } from '../options/configuration.ts';
import type { Words } from '../report/lessons/words.ts';
import { median } from '../stats/quantile.ts';
import { begin } from '../system/surroundings.ts';
import { openLine } from './progress.ts';

/** The remaining time is shown once this share of the steps has been measured. */
const SHARE_FOR_ESTIMATE = 0.1;

/** Opens the progress display, which is updated between two measurements only. */
export function openLessonsProgress(
  stream: NodeJS.WriteStream,
  isQuiet: boolean,
  words: Words,
): { readonly began: (step: Step) => void; readonly stop: () => void } {
  const { elapsedMs } = begin();
  const line = openLine(stream, isQuiet);
  const beganMs: number[] = [];
  return {
    began: ({ done, all, lesson, configuration }) => {
      beganMs.push(elapsedMs());
      const stepsMs = beganMs.slice(1).map((ms, index) => ms - (beganMs[index] ?? 0));
      // The first lessons take several times as long as the rest, so the mean would be far too pessimistic.
      const remaining =
        done === 0 || done < SHARE_FOR_ESTIMATE * all ? '' : words.remaining(median(stepsMs) * (all - done));
      const label =
        configuration === undefined
          ? lesson
          : `${lesson}, ${words.configuration(parseConfiguration(configuration, 'configuration'))}`;
      const written = `${words.step(done, all)}: ${label}${remaining === '' ? '' : `; ${remaining}`}`;
      line.show({ share: done / all, weight: 'usual', drawn: { label, remaining }, written });
    },
    stop: line.clear,
  };
}
