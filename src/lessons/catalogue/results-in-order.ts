import type code from '../../../bench/lessons/results-in-order.ts';
import type { ResultOf } from '../../../workers/lesson-code.ts';
import { equal } from '../claims.ts';
import { EVENT_LOOP, processes, threads } from '../configurations.ts';
import { experiment } from '../lesson.ts';
import { secondsAsEnded, secondsOf } from '../tasks.ts';
import { longestNotSum } from './gather-many.ts';

export const resultsInOrder = experiment<ResultOf<typeof code>>({
  id: 'results-in-order',
  origin: { en: 'In [16]', pt: 'In [16]' },
  title: { en: 'Results in the order of the arguments', pt: 'Resultados na ordem dos argumentos' },
  idea: {
    en: 'Gathered results come back as a list in the order of the tasks: the first task’s result is first, even if it finished last.',
    pt: 'Os resultados agrupados voltam em uma lista na ordem das tarefas: o da primeira vem primeiro, mesmo que ela termine por último.',
  },
  tutorial: {
    en: 'Ten tasks return ten times their number: [0, 10, 20, 30, 40, 50, 60, 70, 80, 90].',
    pt: 'Dez tarefas retornam dez vezes o próprio número: [0, 10, 20, 30, 40, 50, 60, 70, 80, 90].',
  },
  differs: {
    en: 'There, all tasks wait one second; here the first ones wait longest, so that the two orders differ. In a pool the results come from several workers, still in the order of the tasks.',
    pt: 'Lá, todas as tarefas esperam um segundo; aqui as primeiras esperam mais, para que as duas ordens sejam diferentes. Em um pool os resultados vêm de vários workers, mas na mesma ordem.',
  },
  configurations: [EVENT_LOOP, threads(2, 'all'), processes(2, 'all')],
  checkClaims: (evidence, setting) => {
    const { values, done } = evidence.result;
    const seconds = secondsOf(evidence.tasks);
    return [
      equal({
        text: { en: 'the values are in the order of the arguments', pt: 'os valores estão na ordem dos argumentos' },
        expected: seconds.map((_, index) => index * 10),
        measured: values,
      }),
      equal({
        text: {
          en: 'the tasks finished in another order, that of their delays (in seconds)',
          pt: 'as tarefas terminaram em outra ordem, a das esperas (em segundos)',
        },
        expected: seconds.toSorted((a, b) => a - b),
        measured: secondsAsEnded(evidence.tasks),
      }),
      equal({
        text: { en: 'the two orders differ', pt: 'as duas ordens são diferentes' },
        expected: true,
        measured: done.some((value, index) => value !== values[index]),
      }),
      longestNotSum(evidence, setting),
    ];
  },
});
