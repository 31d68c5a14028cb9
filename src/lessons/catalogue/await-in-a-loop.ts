import { equal, total } from '../claims.ts';
import { EVENT_LOOP, experiment, processes, threads } from '../lesson.ts';
import { mostUnderWay, secondsOf, sum } from '../tasks.ts';

export const awaitInALoop = experiment<void>({
  id: 'await-in-a-loop',
  origin: { en: 'In [7]', pt: 'In [7]' },
  title: { en: 'Ten tasks, awaited in a loop', pt: 'Dez tarefas, aguardadas em um laço' },
  idea: {
    en: 'The same ten tasks; but each is awaited before the next one is started. To await is to say: go on when this is done.',
    pt: 'As mesmas dez tarefas; mas cada uma é aguardada antes de a próxima ser iniciada. Aguardar é dizer: siga quando isto terminar.',
  },
  tutorial: {
    en: 'The total is the sum of the delays (33 s), although ensure_future makes a task of each: they do not run concurrently.',
    pt: 'O total é a soma das esperas (33 s), embora ensure_future faça de cada uma uma tarefa: elas não executam de forma concorrente.',
  },
  differs: {
    en: 'A pool changes nothing: of its two lanes one has nothing to do at any time.',
    pt: 'Um pool não muda nada: dos seus dois executores, um fica sempre sem nada a fazer.',
  },
  ways: [EVENT_LOOP, threads(2), processes(2)],
  judge: ({ totalMs, tasks }, { unitMs }) => {
    const seconds = secondsOf(tasks);
    return [
      total(
        totalMs,
        unitMs,
        { ms: sum(seconds) * unitMs, is: { en: 'the sum of the delays', pt: 'a soma das esperas' } },
        { ms: Math.max(...seconds) * unitMs, is: { en: 'the longest', pt: 'a maior' } },
      ),
      equal({
        text: { en: 'tasks under way at once, at most', pt: 'tarefas em andamento ao mesmo tempo, no máximo' },
        expected: 1,
        measured: mostUnderWay(tasks),
      }),
    ];
  },
});
