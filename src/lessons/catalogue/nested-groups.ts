import type code from '../../../bench/lessons/nested-groups.ts';
import type { ResultOf } from '../../../workers/lesson-code.ts';
import { equal, ONE_DELAY, total } from '../claims.ts';
import { EVENT_LOOP, experiment } from '../lesson.ts';
import { mostUnderWay } from '../tasks.ts';

export const nestedGroups = experiment<ResultOf<typeof code>>({
  id: 'nested-groups',
  origin: { en: 'In [17]', pt: 'In [17]' },
  title: { en: 'Groups in a group', pt: 'Grupos em um grupo' },
  idea: {
    en: 'A group is an awaitable like any task, so groups can be gathered, too. The six tasks of two groups wait together.',
    pt: 'Um grupo pode ser aguardado como qualquer tarefa, e então grupos também podem ser agrupados. As seis tarefas de dois grupos esperam juntas.',
  },
  tutorial: {
    en: 'Two groups of three tasks, gathered: all six are executing, "main done 1 second".',
    pt: 'Dois grupos de três tarefas, agrupados: as seis executam, "main done 1 second".',
  },
  ways: [EVENT_LOOP],
  judge: ({ result, tasks, totalMs }, { unitMs }) => [
    total(
      totalMs,
      unitMs,
      { ms: unitMs, is: ONE_DELAY },
      { ms: 2 * unitMs, is: { en: 'one group after the other', pt: 'um grupo após o outro' } },
    ),
    equal({
      text: { en: 'tasks under way at once', pt: 'tarefas em andamento ao mesmo tempo' },
      expected: 6,
      measured: mostUnderWay(tasks),
    }),
    equal({
      text: { en: 'the results are a list for each group', pt: 'os resultados são uma lista para cada grupo' },
      expected: [
        [0, 1, 2],
        [3, 4, 5],
      ],
      measured: result,
    }),
  ],
});
