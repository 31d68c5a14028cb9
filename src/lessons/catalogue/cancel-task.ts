import type code from '../../../bench/lessons/cancel-task.ts';
import type { ResultOf } from '../../../workers/lesson-code.ts';
import { type Claim, equal, near, total } from '../claims.ts';
import { EVENT_LOOP, experiment, isPool, processes, threads, type Setting } from '../lesson.ts';
import type { Evidence } from '../../model/lessons.ts';

export const cancelTask = experiment<ResultOf<typeof code>>({
  id: 'cancel-task',
  origin: { en: 'In [21]', pt: 'In [21]' },
  title: { en: 'A task cancels another', pt: 'Uma tarefa cancela outra' },
  idea: {
    en: 'A task that is cancelled ends at its wait, with an error that says so, and the others go on: task.cancel() there, an AbortController here, whose signal the wait listens to.',
    pt: 'Uma tarefa cancelada termina na sua espera, com um erro que o diz, e as outras seguem: task.cancel() lá, um AbortController aqui, cujo sinal a espera escuta.',
  },
  tutorial: {
    en: 'Task 1 cancels task 0, which would have waited five seconds: [CancelledError, None, None], "main done 2 second".',
    pt: 'A tarefa 1 cancela a tarefa 0, que teria esperado cinco segundos: [CancelledError, None, None], "main done 2 second".',
  },
  differs: {
    en: 'Piscina stops a task that runs by ending its thread, and starts another; the pool of processes here ends the process. To end only the wait, the signal itself would have to be carried over. The controller stays on the main thread, which therefore is who cancels, half a second in.',
    pt: 'O Piscina para uma tarefa em execução encerrando a sua thread, e inicia outra; o pool de processos daqui encerra o processo. Para terminar só a espera, o próprio sinal teria de ser levado até lá. O controller fica na thread principal, que por isso é quem cancela, após meio segundo.',
  },
  ways: [EVENT_LOOP, threads(3), processes(3)],
  judge: (evidence, setting) => [
    equal({
      text: {
        en: 'what became of tasks 0, 1 and 2',
        pt: 'o que foi feito das tarefas 0, 1 e 2',
      },
      expected: ['AbortError', 'done', 'done'],
      measured: evidence.result,
    }),
    total(
      evidence.totalMs,
      setting.unitMs,
      { ms: 2 * setting.unitMs, is: { en: 'the longest that was left', pt: 'a maior das que restaram' } },
      { ms: 5 * setting.unitMs, is: { en: 'the one that was cancelled', pt: 'a que foi cancelada' } },
    ),
    endedAtOnce(evidence, setting),
    lanesEnded(evidence, isPool(setting.way) ? 1 : 0),
  ],
});

function endedAtOnce({ tasks }: Evidence<unknown>, { way, unitMs }: Setting): Claim {
  return near({
    what: { en: 'the end of the cancelled task', pt: 'o fim da tarefa cancelada' },
    measuredMs: tasks[0]?.endedMs ?? Number.NaN,
    expected: {
      ms: isPool(way) ? unitMs / 2 : 0,
      is: { en: 'when it was cancelled', pt: 'quando foi cancelada' },
    },
    not: { ms: 5 * unitMs, is: { en: 'its delay', pt: 'a sua espera' } },
    unitMs,
  });
}

/** A lane that is cancelled with its task is gone. */
export function lanesEnded({ lanesLost }: Evidence<unknown>, expected: number): Claim {
  return equal({
    text: {
      en: 'lanes that ended with what was cancelled',
      pt: 'executores encerrados com o que foi cancelado',
    },
    expected,
    measured: lanesLost,
  });
}
