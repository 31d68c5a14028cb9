import type code from '../../../bench/lessons/cancel-task.ts';
import type { ResultOf } from '../../../workers/lesson-code.ts';
import { type Claim, equal, near, total } from '../claims.ts';
import { EVENT_LOOP, isPool, processes, threads } from '../configurations.ts';
import { experiment, type Setting } from '../lesson.ts';
import type { Evidence } from '../../model/lessons.ts';

export const cancelTask = experiment<ResultOf<typeof code>>({
  id: 'cancel-task',
  origin: { en: 'In [21]', pt: 'In [21]' },
  title: { en: 'One task cancels another', pt: 'Uma tarefa cancela outra' },
  idea: {
    en: 'A cancelled task ends where it waits, with an error that names the reason, and the others continue: task.cancel() there; here an AbortController, whose signal the wait listens to.',
    pt: 'Uma tarefa cancelada termina no ponto em que espera, com um erro que indica o motivo, e as outras continuam: lá, task.cancel(); aqui, um AbortController, cujo sinal interrompe a espera.',
  },
  tutorial: {
    en: 'Task 1 cancels task 0, which would have waited five seconds: [CancelledError, None, None], "main done 2 second".',
    pt: 'A tarefa 1 cancela a tarefa 0, que esperaria cinco segundos: [CancelledError, None, None], "main done 2 second".',
  },
  differs: {
    en: 'Piscina stops a running task by ending its thread and starting another; the process pool here ends the process. To end only the wait, the signal itself would have to reach the worker. The controller stays on the main thread, which cancels the task after half a second.',
    pt: 'O Piscina interrompe uma tarefa em execução encerrando a thread dela e iniciando outra; o pool de processos daqui encerra o processo. Para encerrar só a espera, o próprio sinal teria que chegar ao worker. O controller fica na thread principal, e é ela que cancela a tarefa depois de meio segundo.',
  },
  configurations: [EVENT_LOOP, threads(3), processes(3)],
  checkClaims: (evidence, setting) => [
    equal({
      text: {
        en: 'what became of tasks 0, 1 and 2',
        pt: 'o que aconteceu com as tarefas 0, 1 e 2',
      },
      expected: ['AbortError', 'done', 'done'],
      measured: evidence.result,
    }),
    total(
      evidence.totalMs,
      setting.unitMs,
      { ms: 2 * setting.unitMs, is: { en: 'the longest of the others', pt: 'a maior das outras' } },
      { ms: 5 * setting.unitMs, is: { en: 'the cancelled one', pt: 'a da cancelada' } },
    ),
    endedAtOnce(evidence, setting),
    lanesEnded(evidence, isPool(setting.configuration) ? 1 : 0),
  ],
});

function endedAtOnce({ tasks }: Evidence<unknown>, { configuration, unitMs }: Setting): Claim {
  return near({
    what: { en: 'the end of the cancelled task', pt: 'o fim da tarefa cancelada' },
    measuredMs: tasks[0]?.endedMs ?? Number.NaN,
    expected: {
      ms: isPool(configuration) ? unitMs / 2 : 0,
      is: { en: 'when it was cancelled', pt: 'quando foi cancelada' },
    },
    not: { ms: 5 * unitMs, is: { en: 'its delay', pt: 'a espera dela' } },
    unitMs,
  });
}

/** Cancelling a running task costs a pool its worker. */
export function lanesEnded({ lanesLost }: Evidence<unknown>, expected: number): Claim {
  return equal({
    text: {
      en: 'workers that ended with a cancelled task',
      pt: 'workers encerrados junto com uma tarefa cancelada',
    },
    expected,
    measured: lanesLost,
  });
}
