import type code from '../../../bench/lessons/event-loop.ts';
import type { ResultOf } from '../../../workers/lesson-code.ts';
import { equal, near } from '../claims.ts';
import { EVENT_LOOP, experiment } from '../lesson.ts';

export const eventLoop = experiment<ResultOf<typeof code>>({
  id: 'event-loop',
  origin: { en: 'text: event loops', pt: 'texto: loops de eventos' },
  title: {
    en: 'The event loop: one thread runs, delays and cancels',
    pt: 'O event loop: uma thread executa, adia e cancela',
  },
  idea: {
    en: 'One thread runs everything. What is to be done next, the event loop decides: code that runs is never interrupted; as soon as a callback ends come process.nextTick and promises (after an await, promises first), and then, turn by turn, setImmediate and the timers that are due.',
    pt: 'Uma só thread executa tudo. O que vem a seguir, o event loop decide: o código que executa nunca é interrompido; assim que uma callback termina vêm process.nextTick e as promises (após um await, as promises primeiro), e depois, volta a volta, setImmediate e os timers que venceram.',
  },
  tutorial: {
    en: 'The event loop organizes the execution of every task, can put it off or cancel it, and does all of this with a single thread.',
    pt: 'O loop de eventos organiza a execução de cada tarefa, pode adiá-la ou cancelá-la, e tudo isso acontece utilizando uma única thread.',
  },
  ways: [EVENT_LOOP],
  judge: ({ result: { threads, order, waitedMs, hasFired } }, { unitMs }) => [
    equal({
      text: {
        en: 'every task ran in one and the same thread, the main one, which is number',
        pt: 'todas as tarefas executaram na mesma thread, a principal, que é a número',
      },
      expected: [0],
      measured: [...new Set(threads)],
    }),
    equal({
      text: { en: 'callbacks were called in this order', pt: 'as callbacks foram chamadas nesta ordem' },
      expected: ['code', 'nextTick', 'then', 'setImmediate', 'setTimeout'],
      measured: order,
    }),
    near({
      what: {
        en: 'a callback that is put off comes later: its time',
        pt: 'uma callback adiada vem depois: o seu tempo',
      },
      measuredMs: waitedMs,
      expected: { ms: unitMs, is: { en: 'its delay', pt: 'a sua espera' } },
      unitMs,
    }),
    equal({
      text: { en: 'a timer that was cancelled never fired', pt: 'um timer cancelado nunca disparou' },
      expected: true,
      measured: !hasFired,
    }),
  ],
});
