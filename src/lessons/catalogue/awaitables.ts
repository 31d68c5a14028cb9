import type code from '../../../bench/lessons/awaitables.ts';
import type { ResultOf } from '../../../workers/lesson-code.ts';
import { atMost, equal } from '../claims.ts';
import { EVENT_LOOP } from '../configurations.ts';
import { experiment } from '../lesson.ts';

export const awaitables = experiment<ResultOf<typeof code>>({
  id: 'awaitables',
  origin: { en: 'text: awaitables', pt: 'texto: objetos de espera' },
  title: { en: 'A task exists at once, its result comes later', pt: 'A tarefa existe na hora, o resultado vem depois' },
  idea: {
    en: 'Calling an async function returns a promise at once: something to keep, to pass on, to await. Its result arrives when the work is done, and every callback registered for it is called.',
    pt: 'Chamar uma função async devolve uma promise na hora: algo para guardar, passar adiante, aguardar. O resultado chega quando o trabalho termina, e todos os callbacks registrados são chamados.',
  },
  tutorial: {
    en: 'Tasks are futures: available as soon as they are created, while their result becomes available only in the future. done() checks, result() reads, and callbacks run when all tasks of a group are done.',
    pt: 'Tasks são futures: ficam disponíveis no momento em que são criadas, mas o resultado só fica acessível no futuro. done() verifica, result() lê, e os callbacks rodam quando todas as tarefas do grupo terminam.',
  },
  differs: {
    en: 'A promise has no done() and no result(): only a debugger shows its state, and its result goes to whoever awaits it.',
    pt: 'Uma promise não tem done() nem result(): só um debugger mostra o estado dela, e o resultado vai para quem a aguarda.',
  },
  configurations: [EVENT_LOOP],
  checkClaims: ({ result: { startMs, states, results, calls } }, { unitMs }) => [
    atMost({
      text: {
        en: 'the task existed long before its result: within half a tutorial second',
        pt: 'a tarefa existia muito antes do resultado: em até meio segundo do tutorial',
      },
      limit: unitMs / 2,
      measured: startMs,
      unit: 'ms',
    }),
    equal({
      text: {
        en: 'its state at first, while it waits, and at the end',
        pt: 'o estado dela no início, durante a espera e no fim',
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
        en: 'completion callbacks, each called once: the first task’s, then the group’s',
        pt: 'callbacks de conclusão, cada um chamado uma vez: o da primeira tarefa, depois o do grupo',
      },
      expected: ['first', 'group'],
      measured: calls,
    }),
  ],
});
