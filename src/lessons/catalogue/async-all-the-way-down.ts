import type code from '../../../bench/lessons/async-all-the-way-down.ts';
import type { ResultOf } from '../../../workers/lesson-code.ts';
import { atMost, equal, near } from '../claims.ts';
import { EVENT_LOOP, experiment } from '../lesson.ts';
import { phaseOf } from '../tasks.ts';
import type { Text } from '../../model/language.ts';

const REQUESTS = 5;
const ONE: Text = { en: 'one latency', pt: 'uma latência' };
const ALL: Text = { en: 'one latency after the other', pt: 'uma latência após a outra' };

export const asyncAllTheWayDown = experiment<ResultOf<typeof code>>({
  id: 'async-all-the-way-down',
  origin: { en: 'text: HTTP requests', pt: 'texto: requisição http de forma assíncrona' },
  title: { en: 'Asynchronous all the way down', pt: 'Assíncrono até a última camada' },
  idea: {
    en: 'Five HTTP requests, gathered, to a server that answers after a second of the tutorial. Both functions are async; the one that waits for its answer in a blocking call holds the event loop meanwhile, and with it all others.',
    pt: 'Cinco requisições HTTP, agrupadas, a um servidor que responde após um segundo do tutorial. As duas funções são async; a que espera a sua resposta em uma chamada bloqueante segura o event loop enquanto isso, e com ele todas as outras.',
  },
  tutorial: {
    en: 'Although it was defined with async, a function that uses the module requests makes its requests synchronously: all layers below have to be asynchronous.',
    pt: 'Apesar de definida com async, uma função que usa o módulo requests realiza as requisições de forma síncrona: é preciso usar módulos assíncronos em todas as subcamadas.',
  },
  ways: [EVENT_LOOP],
  services: ['http-server'],
  judge: (evidence, { unitMs }) => {
    const asynchronous = phaseOf(evidence, 'asynchronous client');
    const blocking = phaseOf(evidence, 'blocking client');
    return [
      equal({
        text: { en: 'requests that were answered', pt: 'requisições respondidas' },
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
          en: 'asynchronous client: the event loop was delayed by one latency at most',
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
        what: { en: 'blocking client: the delay of the event loop', pt: 'cliente bloqueante: o atraso do event loop' },
        measuredMs: blocking.loopDelayMs,
        expected: { ms: REQUESTS * unitMs, is: { en: 'all of it', pt: 'tudo isso' } },
        not: { ms: 0, is: { en: 'none', pt: 'nenhum' } },
        unitMs,
      }),
    ];
  },
});
