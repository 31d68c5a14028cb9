import type code from '../../../bench/lessons/cancel-group.ts';
import type { ResultOf } from '../../../workers/lesson-code.ts';
import { equal, near, ONE_DELAY } from '../claims.ts';
import { EVENT_LOOP, experiment, isPool, processes, threads } from '../lesson.ts';
import { count } from '../tasks.ts';
import { lanesEnded } from './cancel-task.ts';

export const cancelGroup = experiment<ResultOf<typeof code>>({
  id: 'cancel-group',
  origin: { en: 'In [22]', pt: 'In [22]' },
  title: { en: 'The whole group is cancelled', pt: 'O grupo inteiro é cancelado' },
  idea: {
    en: 'One signal for all tasks: whoever aborts it cancels the group. Those that wait end at once, those that have not begun never do, and whoever awaits the group gets the error.',
    pt: 'Um sinal para todas as tarefas: quem o aborta cancela o grupo. As que esperam terminam na hora, as que não começaram nunca começam, e quem aguarda o grupo recebe o erro.',
  },
  tutorial: {
    en: 'Task 0 cancels the group as soon as it executes: no other task ever does, and a CancelledError arrives.',
    pt: 'A tarefa 0 cancela o grupo assim que executa: nenhuma outra chega a executar, e chega um CancelledError.',
  },
  differs: {
    en: 'Here all ten functions are called, and nine find the signal aborted; asyncio does not call them any more. In a pool the main thread cancels, half a second in: the tasks that run end with their lanes, those that wait for a lane leave the queue.',
    pt: 'Aqui as dez funções são chamadas, e nove encontram o sinal abortado; o asyncio nem as chama mais. Em um pool a thread principal cancela, após meio segundo: as tarefas em execução terminam com os seus executores, as que esperam por um saem da fila.',
  },
  ways: [EVENT_LOOP, threads(2), processes(2)],
  judge: (evidence, { way, unitMs }) => [
    equal({
      text: { en: 'what arrives where the group is awaited', pt: 'o que chega onde o grupo é aguardado' },
      expected: 'AbortError',
      measured: evidence.result.arrived,
    }),
    near({
      what: { en: 'the time until then', pt: 'o tempo até então' },
      measuredMs: evidence.totalMs,
      expected: {
        ms: isPool(way) ? unitMs / 2 : 0,
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
    isPool(way)
      ? equal({
          text: {
            en: 'tasks that had reached a lane, one for each; the others never did',
            pt: 'tarefas que tinham chegado a um executor, uma em cada; as outras nunca chegaram',
          },
          expected: way.poolSize,
          measured: evidence.tasks.filter(({ lane }) => lane !== undefined).length,
        })
      : equal({
          text: { en: 'tasks that executed', pt: 'tarefas que executaram' },
          expected: [0],
          measured: evidence.result.executing,
        }),
    lanesEnded(evidence, isPool(way) ? way.poolSize : 0),
  ],
});
