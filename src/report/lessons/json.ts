import type { LessonsReport } from '../../model/lessons.ts';
import { jsonText } from '../../model/text.ts';

/** JSON of `lanewise lessons --json`: an entry for each lesson in each configuration. */
export function renderLessonsJson({
  unitMs,
  lang,
  seed,
  startedAt,
  complete,
  environment,
  lessons,
  otherCpus,
}: LessonsReport): string {
  const { node, os, cpuModel, cores } = environment;
  const report = {
    schema: 'lanewise/lessons@1',
    unitMs,
    lang,
    seed,
    startedAt,
    complete,
    environment: { node, os, cpuModel, cores },
    ...(otherCpus !== undefined && { otherCpus }),
    lessons: lessons.flatMap(({ id, title, modifiedCopy, configurations }) =>
      configurations.map(
        ({ strategy, poolSize, concurrency, durationMs, pass, attempts, claims, notMeasured, error }) => ({
          id,
          title,
          ...(modifiedCopy !== undefined && { modifiedCopy }),
          strategy,
          poolSize,
          concurrency,
          durationMs: Math.round(durationMs),
          pass,
          attempts,
          claims,
          ...(notMeasured.length > 0 && { notMeasured }),
          ...(error !== undefined && { error }),
        }),
      ),
    ),
  };
  return jsonText(report, 2);
}
