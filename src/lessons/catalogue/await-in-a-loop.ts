import { equal, total } from '../claims.ts';
import { EVENT_LOOP, processes, threads } from '../configurations.ts';
import { experiment } from '../lesson.ts';
import { mostInFlight, secondsOf, sum } from '../tasks.ts';

export const awaitInALoop = experiment<void>({
  id: 'await-in-a-loop',
  origin: { en: 'In [7]', pt: 'In [7]' },
  title: { en: 'Ten tasks, awaited in a loop', pt: 'Dez tarefas, aguardadas em um laço' },
  idea: {
    en: 'The same ten tasks, but each is awaited before the next one starts. To await means: resume when this is done.',
    pt: 'As mesmas dez tarefas, mas cada uma é aguardada antes de a próxima começar. Aguardar significa: só continue quando isto terminar.',
  },
  tutorial: {
    en: 'The total is the sum of the delays (33 s): ensure_future makes a task of each, yet they do not run concurrently.',
    pt: 'O total é a soma das esperas (33 s): ensure_future transforma cada uma em tarefa, mas elas não rodam de forma concorrente.',
  },
  differs: {
    en: 'A pool changes nothing: one of its two workers is always idle.',
    pt: 'Um pool não muda nada: um dos seus dois workers está sempre ocioso.',
  },
  configurations: [EVENT_LOOP, threads(2), processes(2)],
  checkClaims: ({ totalMs, tasks }, { unitMs }) => {
    const seconds = secondsOf(tasks);
    return [
      total(
        totalMs,
        unitMs,
        { ms: sum(seconds) * unitMs, is: { en: 'the sum of the delays', pt: 'a soma das esperas' } },
        { ms: Math.max(...seconds) * unitMs, is: { en: 'the longest', pt: 'a maior' } },
      ),
      equal({
        text: { en: 'tasks in flight at once, at most', pt: 'tarefas em andamento ao mesmo tempo, no máximo' },
        expected: 1,
        measured: mostInFlight(tasks),
      }),
    ];
  },
});
