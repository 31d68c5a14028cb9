import type code from '../../../bench/lessons/open-and-closed.ts';
import type { ResultOf } from '../../../workers/lesson-code.ts';
import { milliseconds, text, type Text } from '../../model/language.ts';
import type { Slice } from '../../model/results.ts';
import { quantile, sorted, type Sorted } from '../../stats/quantile.ts';
import { atLeast, atMost, equal, near, type Claim } from '../claims.ts';
import { EVENT_LOOP } from '../configurations.ts';
import { experiment } from '../lesson.ts';

type Requests = ResultOf<typeof code>['open'];

/** Users of the closed load. */
const USERS = 2;
/** When the report is asked for, and how long the server computes it, in tutorial seconds. */
const REPORT_AT = 10;
const REPORT_SECONDS = 5;

const CLOSED: Text = { en: 'closed', pt: 'fechada' };
const OPEN: Text = { en: 'open', pt: 'aberta' };

export const openAndClosed = experiment<ResultOf<typeof code>>({
  id: 'open-and-closed',
  origin: { en: 'added: load tests', pt: 'acréscimo: testes de carga' },
  title: {
    en: 'A load test that waits for answers, and one that does not',
    pt: 'Um teste de carga que espera as respostas, e um que não espera',
  },
  idea: {
    en: `One server gets the same number of requests in the same time, twice. Closed: ${USERS} users, who send their next request a moment after the answer to the last one, as many load-testing tools do. Open: requests arrive at set times, as from users who know nothing of each other. Each time, someone asks for a report once, and the server computes for ${REPORT_SECONDS} seconds. Latency counts from when a request is due until its answer. The timeline shows the report, with one second before and after it.`,
    pt: `Um servidor recebe duas vezes o mesmo número de requisições no mesmo tempo. Carga fechada: ${USERS} usuários, que só mandam a próxima requisição um instante depois da resposta à anterior, como fazem muitas ferramentas de teste de carga. Carga aberta: as requisições chegam em horários marcados, como as de usuários que não sabem uns dos outros. Nas duas, alguém pede um relatório uma vez, e o servidor fica ${REPORT_SECONDS} segundos calculando. A latência conta do momento em que a requisição deveria sair até a resposta. A linha do tempo mostra o relatório, com um segundo antes e um depois.`,
  },
  tutorial: {
    en: 'Nothing about servers; but its blocking sleep is their problem, too: while one request computes, the event loop answers no other.',
    pt: 'Nada sobre servidores; mas a espera bloqueante de que ele fala também é um problema deles: enquanto uma requisição ocupa o processador, o event loop não responde a nenhuma outra.',
  },
  takeaway: {
    en: 'A closed load sends nothing while the server makes its users wait, so it records one long wait for each of them, and its p99 leaves out what everybody else would have met. If your users do not wait for each other, measure with arrivals at set times: “lanewise load” does.',
    pt: 'Enquanto o servidor está parado, a carga fechada não manda nada: ela registra uma única espera longa por usuário, e o p99 dela esconde o que todos os outros teriam sentido. Se os seus usuários não esperam uns pelos outros, meça com chegadas em horários marcados: é o que faz o “lanewise load”.',
  },
  files: ['open-and-closed/server'],
  rows: [CLOSED, OPEN],
  configurations: [EVENT_LOOP],
  checkClaims: ({ result: { closed, open } }, { unitMs }) => {
    const limitMs = (REPORT_SECONDS * unitMs) / 2;
    const [ofClosed, ofOpen] = [latenciesOf(closed), latenciesOf(open)];
    return {
      claims: [
        equal({
          text: { en: 'open: as many requests as closed', pt: 'aberta: o mesmo número de requisições que na fechada' },
          expected: closed.length,
          measured: open.length,
        }),
        near({
          what: { en: 'open: the time until the last answer', pt: 'aberta: o tempo até a última resposta' },
          measuredMs: lastMs(open),
          expected: { ms: lastMs(closed), is: { en: 'closed', pt: 'fechada' } },
          unitMs,
        }),
        short(CLOSED, P50, quantile(ofClosed, 0.5), limitMs),
        short(OPEN, P50, quantile(ofOpen, 0.5), limitMs),
        short(CLOSED, P99, quantile(ofClosed, 0.99), limitMs),
        long(OPEN, P99, quantile(ofOpen, 0.99), limitMs),
        equal({ text: slower(CLOSED, limitMs, ONE_EACH), expected: USERS, measured: countAbove(ofClosed, limitMs) }),
        atLeast({ text: slower(OPEN, limitMs, MANY), limit: 4 * USERS, measured: countAbove(ofOpen, limitMs) }),
        long(CLOSED, MAX, quantile(ofClosed, 1), limitMs),
        long(OPEN, MAX, quantile(ofOpen, 1), limitMs),
      ],
      slices: [closed, open].flatMap((requests, lane) => slicesOf(requests, lane, unitMs)),
    };
  },
});

const P50: Text = { en: 'p50', pt: 'p50' };
const P99: Text = { en: 'p99', pt: 'p99' };
const MAX: Text = { en: 'max', pt: 'máx.' };
const ONE_EACH: Text = { en: 'one of each user', pt: 'uma de cada usuário' };
const MANY: Text = {
  en: 'one of everybody who came in the first half',
  pt: 'uma de cada um que chegou na primeira metade',
};

function latenciesOf(requests: Requests): Sorted {
  return sorted(requests.map(([dueMs, answeredMs]) => answeredMs - dueMs));
}

function lastMs(requests: Requests): number {
  return Math.max(...requests.map(([, answeredMs]) => answeredMs));
}

function countAbove(latencies: Sorted, limitMs: number): number {
  return latencies.filter((ms) => ms > limitMs).length;
}

function short(load: Text, name: Text, measured: number, limit: number): Claim {
  return atMost({
    text: bounded(load, name, { en: 'at most', pt: 'no máximo' }, limit),
    limit,
    measured,
    unit: 'ms',
  });
}

function long(load: Text, name: Text, measured: number, limit: number): Claim {
  return atLeast({
    text: bounded(load, name, { en: 'at least', pt: 'pelo menos' }, limit),
    limit,
    measured,
    unit: 'ms',
  });
}

const HALF: Text = { en: 'half the report', pt: 'metade do relatório' };

function bounded(load: Text, name: Text, bound: Text, limitMs: number): Text {
  return text(
    (language) =>
      `${load[language]}: ${name[language]} ${bound[language]} ${milliseconds(limitMs, language)} (${HALF[language]})`,
  );
}

/** The report and a second around it, in a row of its own for each load. */
function slicesOf(requests: Requests, lane: number, unitMs: number): readonly Slice[] {
  const fromMs = (REPORT_AT - 1) * unitMs;
  const untilMs = (REPORT_AT + REPORT_SECONDS + 1) * unitMs;
  return requests
    .filter(([dueMs]) => dueMs >= fromMs && dueMs < untilMs)
    .toSorted(([a], [b]) => a - b)
    .map(([dueMs, answeredMs], task) => ({
      task,
      lane,
      startMs: dueMs - fromMs,
      endMs: answeredMs - fromMs,
      kind: 'wait',
    }));
}

function slower(load: Text, limitMs: number, whose: Text): Text {
  const than = { en: 'requests that took longer than', pt: 'requisições que levaram mais de' };
  return text(
    (language) => `${load[language]}: ${than[language]} ${milliseconds(limitMs, language)}, ${whose[language]}`,
  );
}
