import type code from '../../../bench/lessons/awaitables.ts';
import type { ResultOf } from '../../../workers/lesson-code.ts';
import { atMost, equal } from '../claims.ts';
import { EVENT_LOOP, experiment } from '../lesson.ts';

export const awaitables = experiment<ResultOf<typeof code>>({
  id: 'awaitables',
  origin: { en: 'text: awaitables', pt: 'texto: objetos de espera' },
  title: { en: 'A task is there at once, its result later', pt: 'A tarefa existe na hora, o seu resultado vem depois' },
  idea: {
    en: 'A call of an async function gives a promise at once: something to hold, to hand on, to await. Its result comes when the work is done, and with it every callback that was asked for.',
    pt: 'A chamada de uma função async dá na hora uma promise: algo para guardar, passar adiante, aguardar. O seu resultado vem quando o trabalho termina, e com ele cada callback pedida.',
  },
  tutorial: {
    en: 'Tasks are futures: there for the program as soon as they are made, while their result can be had only in the future. done() asks, result() takes, callbacks run when all tasks of a group are done.',
    pt: 'Tasks são futures: disponíveis no momento em que são criadas, mas com o resultado acessível só no futuro. done() pergunta, result() busca, callbacks executam quando todas as tarefas do grupo terminam.',
  },
  differs: {
    en: 'A promise has no done() and no result(): its state is the debugger’s business, and its result comes to whoever awaits it.',
    pt: 'Uma promise não tem done() nem result(): o seu estado é assunto do depurador, e o seu resultado vem para quem a aguarda.',
  },
  ways: [EVENT_LOOP],
  judge: ({ result: { handedOverMs, states, results, calls } }, { unitMs }) => [
    atMost({
      text: {
        en: 'the task was there long before its result: at most half a second of the tutorial',
        pt: 'a tarefa existia muito antes do resultado: no máximo meio segundo do tutorial',
      },
      limit: unitMs / 2,
      measured: handedOverMs,
      unit: 'ms',
    }),
    equal({
      text: {
        en: 'its state at first, while it waits, and in the end',
        pt: 'o seu estado no início, enquanto espera, e no fim',
      },
      expected: ['pending', 'pending', 'fulfilled'],
      measured: states,
    }),
    equal({
      text: { en: 'results, once both are done', pt: 'os resultados, quando as duas terminam' },
      expected: ['waited 2 s', 'waited 3 s'],
      measured: results,
    }),
    equal({
      text: {
        en: 'callbacks on completion, each once: that of the first task, then that of the group',
        pt: 'as callbacks de conclusão, uma vez cada: a da primeira tarefa, depois a do grupo',
      },
      expected: ['first', 'group'],
      measured: calls,
    }),
  ],
});
