import type code from '../../../bench/lessons/event-loop.ts';
import type { ResultOf } from '../../../workers/lesson-code.ts';
import { equal, near } from '../claims.ts';
import { EVENT_LOOP } from '../configurations.ts';
import { experiment } from '../lesson.ts';

export const eventLoop = experiment<ResultOf<typeof code>>({
  id: 'event-loop',
  origin: { en: 'text: event loops', pt: 'texto: loops de eventos' },
  title: {
    en: 'The event loop: one thread runs, delays and cancels',
    pt: 'O event loop: uma só thread executa, adia e cancela',
  },
  idea: {
    en: 'One thread runs everything, and the event loop decides what comes next. Running code is never interrupted; as soon as a callback ends, process.nextTick and promises follow (after an await, promises first), and then, turn by turn, setImmediate and the timers that are due.',
    pt: 'Uma só thread executa tudo, e o event loop decide o que vem a seguir. Código em execução nunca é interrompido; assim que um callback termina, vêm process.nextTick e as promises (depois de um await, as promises primeiro) e então, a cada volta, setImmediate e os timers que venceram.',
  },
  tutorial: {
    en: 'The event loop organizes the execution of every task, can delay or cancel it, and does all of this in a single thread.',
    pt: 'O loop de eventos organiza a execução de cada tarefa, pode adiá-la ou cancelá-la, e tudo isso acontece em uma única thread.',
  },
  configurations: [EVENT_LOOP],
  checkClaims: ({ result: { threads, order, waitedMs, hasFired } }, { unitMs }) => [
    equal({
      text: {
        en: 'threads that ran the tasks (0 is the main thread)',
        pt: 'threads em que as tarefas rodaram (0 é a principal)',
      },
      expected: [0],
      measured: [...new Set(threads)],
    }),
    equal({
      text: { en: 'callbacks were called in this order', pt: 'os callbacks foram chamados nesta ordem' },
      expected: ['code', 'nextTick', 'then', 'setImmediate', 'setTimeout'],
      measured: order,
    }),
    near({
      what: {
        en: 'a delayed callback comes later: its time',
        pt: 'um callback adiado vem depois: o tempo dele',
      },
      measuredMs: waitedMs,
      expected: { ms: unitMs, is: { en: 'its delay', pt: 'a espera dele' } },
      unitMs,
    }),
    equal({
      text: { en: 'a cancelled timer never fired', pt: 'um timer cancelado nunca disparou' },
      expected: true,
      measured: !hasFired,
    }),
  ],
});
