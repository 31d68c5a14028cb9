import type code from '../../../bench/lessons/cancel-group.ts';
import type { ResultOf } from '../../../workers/lesson-code.ts';
import { equal, near, ONE_DELAY } from '../claims.ts';
import { EVENT_LOOP, isPool, processes, threads } from '../configurations.ts';
import { experiment } from '../lesson.ts';
import { count } from '../tasks.ts';
import { lanesEnded } from './cancel-task.ts';

export const cancelGroup = experiment<ResultOf<typeof code>>({
  id: 'cancel-group',
  origin: { en: 'In [22]', pt: 'In [22]' },
  title: { en: 'The whole group is cancelled', pt: 'O grupo inteiro é cancelado' },
  idea: {
    en: 'One signal for all tasks: aborting it cancels the group. Waiting tasks end at once, tasks that have not started never do, and whoever awaits the group gets the error.',
    pt: 'Um sinal para todas as tarefas: abortá-lo cancela o grupo. As que esperam terminam na hora, as que não começaram nem chegam a começar, e quem aguarda o grupo recebe o erro.',
  },
  tutorial: {
    en: 'Task 0 cancels the group as soon as it runs: no other task ever runs, and a CancelledError arrives.',
    pt: 'A tarefa 0 cancela o grupo assim que começa a rodar: nenhuma outra chega a rodar, e quem aguarda recebe um CancelledError.',
  },
  differs: {
    en: 'Here all ten functions are called, and nine find the signal aborted; asyncio does not even call them. In a pool, the main thread cancels after half a second: running tasks end with their workers, and queued ones leave the queue.',
    pt: 'Aqui as dez funções são chamadas, e nove encontram o sinal já abortado; o asyncio nem chega a chamá-las. Em um pool, quem cancela é a thread principal, depois de meio segundo: as tarefas em execução terminam junto com os seus workers, e as que estão na fila saem dela.',
  },
  configurations: [EVENT_LOOP, threads(2), processes(2)],
  checkClaims: (evidence, { configuration, unitMs }) => [
    equal({
      text: { en: 'what arrives where the group is awaited', pt: 'o que recebe quem aguarda o grupo' },
      expected: 'AbortError',
      measured: evidence.result.arrived,
    }),
    near({
      what: { en: 'the time until then', pt: 'o tempo até esse momento' },
      measuredMs: evidence.totalMs,
      expected: {
        ms: isPool(configuration) ? unitMs / 2 : 0,
        is: { en: 'when it was cancelled', pt: 'quando foi cancelado' },
      },
      not: { ms: 5 * unitMs, is: ONE_DELAY },
      unitMs,
    }),
    equal({
      text: { en: 'tasks that were cancelled', pt: 'tarefas canceladas' },
      expected: 10,
      measured: count(evidence.tasks, 'cancelled'),
    }),
    isPool(configuration)
      ? equal({
          text: {
            en: 'tasks that reached a worker, one each; the others never did',
            pt: 'tarefas que chegaram a um worker, uma em cada; as outras nunca chegaram',
          },
          expected: configuration.poolSize,
          measured: evidence.tasks.filter(({ lane }) => lane !== undefined).length,
        })
      : equal({
          text: {
            en: 'numbers of the tasks that ran, the first of which is 0',
            pt: 'números das tarefas que chegaram a rodar, das quais a primeira é a 0',
          },
          expected: [0],
          measured: evidence.result.executing,
        }),
    lanesEnded(evidence, isPool(configuration) ? configuration.poolSize : 0),
  ],
});
