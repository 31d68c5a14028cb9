import type code from '../../../bench/lessons/failures-returned.ts';
import type { ResultOf } from '../../../workers/lesson-code.ts';
import { equal, ONE_DELAY, THE_SUM, total } from '../claims.ts';
import { EVENT_LOOP, processes, threads } from '../configurations.ts';
import { experiment } from '../lesson.ts';

export const failuresReturned = experiment<ResultOf<typeof code>>({
  id: 'failures-returned',
  origin: { en: 'In [20]', pt: 'In [20]' },
  title: { en: 'Failures returned, not thrown', pt: 'Falhas retornadas, não lançadas' },
  idea: {
    en: 'To know what became of every task, ask for results and errors in one list: return_exceptions=True there, Promise.allSettled here. Such a group never fails.',
    pt: 'Para saber o que aconteceu com cada tarefa, peça resultados e erros em uma só lista: return_exceptions=True lá, Promise.allSettled aqui. Um grupo assim nunca falha.',
  },
  tutorial: {
    en: 'The list holds the exception in place of the failed task, and None for the others; "main done 1 second".',
    pt: 'A lista traz a exceção na posição da tarefa que falhou, e None para as outras; "main done 1 second".',
  },
  configurations: [EVENT_LOOP, threads(2, 'all'), processes(2, 'all')],
  checkClaims: ({ result, totalMs }, { unitMs }) => [
    equal({
      text: { en: 'the list of results and errors', pt: 'a lista de resultados e erros' },
      expected: ['Error: Something bad happened', 1, 2, 3, 4, 5, 6, 7, 8, 9],
      measured: result,
    }),
    total(totalMs, unitMs, { ms: unitMs, is: ONE_DELAY }, { ms: 10 * unitMs, is: THE_SUM }),
  ],
});
