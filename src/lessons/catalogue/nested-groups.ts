import type code from '../../../bench/lessons/nested-groups.ts';
import type { ResultOf } from '../../../workers/lesson-code.ts';
import { equal, ONE_DELAY, total } from '../claims.ts';
import { EVENT_LOOP } from '../configurations.ts';
import { experiment } from '../lesson.ts';
import { mostInFlight } from '../tasks.ts';

export const nestedGroups = experiment<ResultOf<typeof code>>({
  id: 'nested-groups',
  origin: { en: 'In [17]', pt: 'In [17]' },
  title: { en: 'Groups in a group', pt: 'Grupos dentro de um grupo' },
  idea: {
    en: 'A group can be awaited like any task, so groups can be gathered, too. The six tasks of two groups wait together.',
    pt: 'Um grupo pode ser aguardado como qualquer tarefa; por isso grupos também podem ser agrupados. As seis tarefas de dois grupos esperam juntas.',
  },
  tutorial: {
    en: 'Two groups of three tasks, gathered: all six run, "main done 1 second".',
    pt: 'Dois grupos de três tarefas, agrupados: as seis rodam, "main done 1 second".',
  },
  configurations: [EVENT_LOOP],
  checkClaims: ({ result, tasks, totalMs }, { unitMs }) => [
    total(
      totalMs,
      unitMs,
      { ms: unitMs, is: ONE_DELAY },
      { ms: 2 * unitMs, is: { en: 'one group after the other', pt: 'um grupo depois do outro' } },
    ),
    equal({
      text: { en: 'tasks in flight at once', pt: 'tarefas em andamento ao mesmo tempo' },
      expected: 6,
      measured: mostInFlight(tasks),
    }),
    equal({
      text: { en: 'the results are one list per group', pt: 'os resultados são uma lista por grupo' },
      expected: [
        [0, 1, 2],
        [3, 4, 5],
      ],
      measured: result,
    }),
  ],
});
