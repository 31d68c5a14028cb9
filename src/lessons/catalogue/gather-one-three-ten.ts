import { near, ONE_DELAY, THE_SUM } from '../claims.ts';
import { EVENT_LOOP } from '../configurations.ts';
import { experiment } from '../lesson.ts';
import { phaseOf } from '../tasks.ts';

export const gatherOneThreeTen = experiment<void>({
  id: 'gather-one-three-ten',
  origin: { en: 'In [13]-[15]', pt: 'In [13]-[15]' },
  title: { en: 'Gather one, three, ten', pt: 'Agrupar uma, três, dez' },
  idea: {
    en: 'Each task waits one second. Gathered, they wait together: no matter how many, one second passes for all of them at once.',
    pt: 'Cada tarefa espera um segundo. Agrupadas, elas esperam juntas: não importa quantas sejam, o segundo passa para todas ao mesmo tempo.',
  },
  tutorial: {
    en: 'With one, three and ten tasks alike: "main done 1 second".',
    pt: 'Com uma, três ou dez tarefas, sempre: "main done 1 second".',
  },
  configurations: [EVENT_LOOP],
  checkClaims: (evidence, { unitMs }) =>
    [1, 3, 10].map((count) =>
      near({
        what: {
          en: `the total of ${count} ${count === 1 ? 'task' : 'tasks'}`,
          pt: `o total de ${count} ${count === 1 ? 'tarefa' : 'tarefas'}`,
        },
        measuredMs: phaseOf(evidence, String(count)).totalMs,
        expected: { ms: unitMs, is: ONE_DELAY },
        ...(count > 1 && { not: { ms: count * unitMs, is: THE_SUM } }),
        unitMs,
      }),
    ),
});
