import type code from '../../../bench/lessons/results-in-order.ts';
import type { ResultOf } from '../../../workers/lesson-code.ts';
import { equal } from '../claims.ts';
import { EVENT_LOOP, experiment, processes, threads } from '../lesson.ts';
import { secondsAsEnded, secondsOf } from '../tasks.ts';
import { longestNotSum } from './gather-many.ts';

export const resultsInOrder = experiment<ResultOf<typeof code>>({
  id: 'results-in-order',
  origin: { en: 'In [16]', pt: 'In [16]' },
  title: { en: 'Results in the order of the arguments', pt: 'Resultados na ordem dos argumentos' },
  idea: {
    en: 'What is gathered comes back as a list: the result of the first task first, also if it was the last to be done.',
    pt: 'O que se agrupa volta como uma lista: o resultado da primeira tarefa primeiro, mesmo que ela seja a última a terminar.',
  },
  tutorial: {
    en: 'Ten tasks return ten times their number: [0, 10, 20, 30, 40, 50, 60, 70, 80, 90].',
    pt: 'Dez tarefas retornam dez vezes o seu número: [0, 10, 20, 30, 40, 50, 60, 70, 80, 90].',
  },
  differs: {
    en: 'There, all tasks wait one second; here the first ones wait longest, so that the two orders can be told apart. In a pool the results come from several lanes, and are in the same order.',
    pt: 'Lá, todas as tarefas esperam um segundo; aqui as primeiras esperam mais, para distinguir as duas ordens. Em um pool os resultados vêm de vários executores, e estão na mesma ordem.',
  },
  ways: [EVENT_LOOP, threads(2, 'all'), processes(2, 'all')],
  judge: (evidence, setting) => {
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
          en: 'the tasks finished in another order, that of their delays, in seconds',
          pt: 'as tarefas terminaram em outra ordem, a das suas esperas, em segundos',
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
