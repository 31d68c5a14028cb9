import type code from '../../../bench/lessons/async-all-the-way-down.ts';
import type { ResultOf } from '../../../workers/lesson-code.ts';
import { atMost, equal, near } from '../claims.ts';
import { EVENT_LOOP } from '../configurations.ts';
import { experiment } from '../lesson.ts';
import { phaseOf } from '../tasks.ts';
import type { Text } from '../../model/language.ts';

const REQUESTS = 5;
const ONE: Text = { en: 'one latency', pt: 'uma latência' };
const ALL: Text = { en: 'five latencies', pt: 'cinco latências' };

export const asyncAllTheWayDown = experiment<ResultOf<typeof code>>({
  id: 'async-all-the-way-down',
  origin: { en: 'text: HTTP requests', pt: 'texto: requisições HTTP' },
  title: { en: 'Asynchronous all the way down', pt: 'Assíncrono até a última camada' },
  idea: {
    en: 'Five HTTP requests, gathered, to a server that answers after one tutorial second. Both functions are async, but the one that waits in a blocking call holds the event loop while it waits, and every other task with it. The first six tasks of the picture only open the connections, and are not counted.',
    pt: 'Cinco requisições HTTP, agrupadas, para um servidor que responde depois de um segundo do tutorial. As duas funções são async, mas a que espera a resposta em uma chamada bloqueante prende o event loop, e com ele todas as outras tarefas. As seis primeiras tarefas da figura só abrem as conexões e não são contadas.',
  },
  tutorial: {
    en: 'Even if it is defined with async, a function that uses the requests module makes its requests synchronously: every layer below must be asynchronous.',
    pt: 'Mesmo definida com async, uma função que usa o módulo requests faz as requisições de forma síncrona: é preciso usar módulos assíncronos em todas as camadas.',
  },
  configurations: [EVENT_LOOP],
  services: ['http-server'],
  checkClaims: (evidence, { unitMs }) => {
    const asynchronous = phaseOf(evidence, 'asynchronous client');
    const blocking = phaseOf(evidence, 'blocking client');
    return [
      equal({
        text: { en: 'requests answered', pt: 'requisições respondidas' },
        expected: 2 * REQUESTS,
        measured: evidence.result.filter((answer) => answer === 'ok').length,
      }),
      near({
        what: { en: 'asynchronous client: the total', pt: 'cliente assíncrono: o total' },
        measuredMs: asynchronous.totalMs,
        expected: { ms: unitMs, is: ONE },
        not: { ms: REQUESTS * unitMs, is: ALL },
        unitMs,
      }),
      atMost({
        text: {
          en: 'asynchronous client: the event loop was delayed by at most one latency',
          pt: 'cliente assíncrono: o event loop atrasou no máximo uma latência',
        },
        limit: unitMs,
        measured: asynchronous.loopDelayMs,
        unit: 'ms',
      }),
      near({
        what: { en: 'blocking client: the total', pt: 'cliente bloqueante: o total' },
        measuredMs: blocking.totalMs,
        expected: { ms: REQUESTS * unitMs, is: ALL },
        not: { ms: unitMs, is: ONE },
        unitMs,
      }),
      near({
        what: { en: 'blocking client: the event-loop delay', pt: 'cliente bloqueante: o atraso do event loop' },
        measuredMs: blocking.loopDelayMs,
        expected: { ms: REQUESTS * unitMs, is: { en: 'the whole wait', pt: 'a espera inteira' } },
        not: { ms: 0, is: { en: 'none', pt: 'nenhum' } },
        unitMs,
      }),
    ];
  },
});
