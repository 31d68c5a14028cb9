import type code from '../../../bench/lessons/coroutines-and-tasks.ts';
import type { ResultOf } from '../../../workers/lesson-code.ts';
import { equal, total } from '../claims.ts';
import { EVENT_LOOP } from '../configurations.ts';
import { experiment } from '../lesson.ts';

export const coroutinesAndTasks = experiment<ResultOf<typeof code>>({
  id: 'coroutines-and-tasks',
  origin: { en: 'In [18]', pt: 'In [18]' },
  title: { en: 'Coroutines and tasks, mixed', pt: 'Corrotinas e tarefas, misturadas' },
  idea: {
    en: 'A Python coroutine does nothing until it is awaited or made into a task: in JavaScript, that is a function nobody has called yet. A promise is a task: its work has already begun. The sleep of main is no task, and is not drawn.',
    pt: 'Em Python, uma corrotina não faz nada até ser aguardada ou virar tarefa: em JavaScript, isso é uma função que ninguém chamou ainda. Uma promise é uma tarefa: o trabalho já começou. A espera de main não é uma tarefa e não aparece na figura.',
  },
  tutorial: {
    en: 'Tasks 1 and 3 run first, then coroutines 0, 2 and 4; main itself sleeps for two seconds: "main done 2 second".',
    pt: 'As tarefas 1 e 3 rodam primeiro, depois as corrotinas 0, 2 e 4; o próprio main dorme por dois segundos: "main done 2 second".',
  },
  differs: {
    en: 'The same order, for another reason: asyncio only schedules a task, and starts it when main first waits, so tasks run before the coroutines that gather schedules later. JavaScript runs an async function at once, up to its first await: tasks 1 and 3 have started before the group exists.',
    pt: 'A mesma ordem, por outro motivo: o asyncio só agenda a tarefa, e ela começa quando main espera pela primeira vez; por isso as tarefas vêm antes das corrotinas, que o gather agenda depois. O JavaScript roda uma função async na hora, até o primeiro await: as tarefas 1 e 3 começam antes de o grupo existir.',
  },
  configurations: [EVENT_LOOP],
  checkClaims: ({ result: { startedBefore, started }, totalMs }, { unitMs }) => [
    equal({
      text: { en: 'started before the group existed: the tasks', pt: 'iniciadas antes de o grupo existir: as tarefas' },
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
      { ms: 2 * unitMs, is: { en: 'main’s own sleep', pt: 'a espera do próprio main' } },
      { ms: 3 * unitMs, is: { en: 'that and one delay', pt: 'isso e mais uma espera' } },
    ),
  ],
});
