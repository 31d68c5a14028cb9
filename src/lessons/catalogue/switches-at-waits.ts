import { medianOf } from '../batches.ts';
import { atLeast, atMost, equal, type Claim } from '../claims.ts';
import { EVENT_LOOP, isPool, threads } from '../configurations.ts';
import { type BatchLesson, type Measured } from '../lesson.ts';
import type { Text } from '../../model/language.ts';
import { mostRunning } from '../../stats/timeline-facts.ts';

const TASKS = 8;
/** More threads than this strain the machine and teach nothing. */
const MOST_THREADS = 256;
/** Waits per task in `bench/lessons/switches-at-waits.ts`. */
const TURNS = 20;

export const switchesAtWaits: BatchLesson = {
  kind: 'batch',
  id: 'switches-at-waits',
  origin: { en: 'text: coroutines', pt: 'texto: corrotinas' },
  title: {
    en: 'Switches happen at waits, not by interruption',
    pt: 'As trocas acontecem nas esperas, não por interrupção',
  },
  idea: {
    en: 'A coroutine runs until it waits; then the event loop moves on to another one. A thread is interrupted by the operating system, wherever it is, when others need its CPU. The system counts both: a switch is voluntary if the thread itself waited, and involuntary if it was interrupted.',
    pt: 'Uma corrotina roda até precisar esperar; então o event loop passa para outra. Uma thread é interrompida pelo sistema operacional, em qualquer ponto, quando outras precisam do núcleo. O sistema conta as duas coisas: uma troca é voluntária se a própria thread esperou, e involuntária se ela foi interrompida.',
  },
  tutorial: {
    en: 'With coroutines, the context switch happens not by interruption but because of a wait: for a response from the network, or for I/O.',
    pt: 'Com as corrotinas, a troca de contexto acontece não por interrupção, mas por causa de uma espera: por uma resposta da rede ou por I/O.',
  },
  differs: {
    en: `The ${TASKS} coroutines wait ${TURNS} times each; while all of them wait, the thread is released just once for them all. The threads, twice as many as CPUs, compute and never wait.`,
    pt: `As ${TASKS} corrotinas esperam ${TURNS} vezes cada uma; quando todas esperam, a thread é liberada uma única vez por todas juntas. As threads, o dobro do número de núcleos, só calculam e nunca esperam.`,
  },
  configurations: (cores) => {
    const poolSize = Math.min(2 * cores, MOST_THREADS);
    return [
      { ...EVENT_LOOP, tasks: TASKS, params: { waits: true } },
      { ...threads(poolSize), tasks: poolSize, params: { waits: false } },
    ];
  },
  checkClaims: (measured, { cores }) => {
    if (measured.readings.some(({ contextSwitches }) => contextSwitches === null))
      return { claims: [], notMeasured: [NOT_COUNTED] };
    if (!isPool(measured.configuration)) return { claims: ofCoroutines(measured) };
    if (measured.configuration.poolSize < 2 * cores) return { claims: [], notMeasured: [TOO_MANY_CORES] };
    return { claims: ofThreads(measured) };
  },
};

const NOT_COUNTED: Text = {
  en: 'Not measured: this system does not count context switches.',
  pt: 'Não medido: este sistema não conta trocas de contexto.',
};

const TOO_MANY_CORES: Text = {
  en: `Not measured: twice as many threads as CPUs would be more than ${MOST_THREADS}.`,
  pt: `Não medido: o dobro do número de núcleos daria mais de ${MOST_THREADS} threads.`,
};

function ofCoroutines({ readings, slices }: Measured): readonly Claim[] {
  const [voluntary, involuntary] = [switchesOf(readings, 'voluntary'), switchesOf(readings, 'involuntary')];
  return [
    atLeast({
      text: {
        en: `at least ${TURNS / 2} voluntary switches per batch: the coroutines wait together, ${TURNS} times`,
        pt: `pelo menos ${TURNS / 2} trocas voluntárias por lote: as corrotinas esperam juntas, ${TURNS} vezes`,
      },
      limit: TURNS / 2,
      measured: voluntary,
    }),
    atMost({
      text: {
        en: 'at most half as many involuntary switches',
        pt: 'trocas involuntárias: no máximo a metade disso',
      },
      limit: voluntary / 2,
      measured: involuntary,
    }),
    equal({
      text: {
        en: 'coroutines running at the same instant, at most',
        pt: 'corrotinas rodando no mesmo instante, no máximo',
      },
      expected: 1,
      measured: mostRunning(slices),
    }),
  ];
}

function ofThreads({ configuration, readings }: Measured): readonly Claim[] {
  return [
    atLeast({
      text: {
        en: `at least ${configuration.poolSize} involuntary switches per batch, one per thread, although none of them waits`,
        pt: `pelo menos ${configuration.poolSize} trocas involuntárias por lote, uma por thread, embora nenhuma delas espere`,
      },
      limit: configuration.poolSize,
      measured: switchesOf(readings, 'involuntary'),
    }),
  ];
}

function switchesOf(readings: Measured['readings'], kind: 'voluntary' | 'involuntary'): number {
  return medianOf(readings, ({ contextSwitches }) => contextSwitches?.[kind] ?? 0);
}
