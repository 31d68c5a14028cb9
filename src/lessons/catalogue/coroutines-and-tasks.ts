import type code from '../../../bench/lessons/coroutines-and-tasks.ts';
import type { ResultOf } from '../../../workers/lesson-code.ts';
import { equal, total } from '../claims.ts';
import { EVENT_LOOP, experiment } from '../lesson.ts';

export const coroutinesAndTasks = experiment<ResultOf<typeof code>>({
  id: 'coroutines-and-tasks',
  origin: { en: 'In [18]', pt: 'In [18]' },
  title: { en: 'Coroutines and tasks, mixed', pt: 'Corrotinas e tarefas, misturadas' },
  idea: {
    en: 'A coroutine of Python does nothing until it is awaited or made a task: in JavaScript that is a function which nobody has called yet. A promise is a task: somebody is at work already.',
    pt: 'Uma corrotina de Python não faz nada até ser aguardada ou virar tarefa: em JavaScript isso é uma função que ninguém chamou ainda. Uma promise é uma tarefa: alguém já está trabalhando.',
  },
  tutorial: {
    en: 'Tasks 1 and 3 execute first, then the coroutines 0, 2 and 4; main sleeps for two seconds itself: "main done 2 second".',
    pt: 'As tarefas 1 e 3 executam primeiro, depois as corrotinas 0, 2 e 4; o próprio main dorme dois segundos: "main done 2 second".',
  },
  differs: {
    en: 'The same order, for another reason: asyncio only plans a task, and begins it when main first waits, so tasks go before coroutines that gather plans later. JavaScript runs an async function at once, up to its first await: tasks 1 and 3 have begun before there is a group.',
    pt: 'A mesma ordem, por outra razão: o asyncio só agenda uma tarefa, e a inicia quando main espera pela primeira vez, e por isso tarefas vêm antes das corrotinas, que gather agenda depois. JavaScript executa uma função async imediatamente, até o seu primeiro await: as tarefas 1 e 3 começaram antes de haver um grupo.',
  },
  ways: [EVENT_LOOP],
  judge: ({ result: { startedBefore, started }, totalMs }, { unitMs }) => [
    equal({
      text: { en: 'started before there was a group: the tasks', pt: 'iniciadas antes de haver um grupo: as tarefas' },
      expected: [1, 3],
      measured: startedBefore,
    }),
    equal({
      text: { en: 'started in this order: tasks first', pt: 'iniciadas nesta ordem: as tarefas primeiro' },
      expected: [1, 3, 0, 2, 4],
      measured: started,
    }),
    total(
      totalMs,
      unitMs,
      { ms: 2 * unitMs, is: { en: 'the sleep of main', pt: 'a espera de main' } },
      { ms: 3 * unitMs, is: { en: 'that and one delay', pt: 'isso e mais uma espera' } },
    ),
  ],
});
