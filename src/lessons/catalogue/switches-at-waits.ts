import { medianOf } from '../batches.ts';
import { atLeast, atMost, equal, type Claim } from '../claims.ts';
import { EVENT_LOOP, isPool, threads, type BatchLesson, type Measured } from '../lesson.ts';
import type { Text } from '../../model/language.ts';
import { mostRunning } from '../../stats/timeline-facts.ts';

const TASKS = 8;
/** More threads than that are a machine's trouble, not its lesson. */
const MOST_THREADS = 256;
/** In `bench/lessons/switches-at-waits.ts`, each task waits so often. */
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
    en: 'A coroutine runs until it waits; then the event loop passes on to another one. A thread is interrupted by the operating system when others want its core, wherever it is. The system counts both: a switch is voluntary if the thread itself waited, and involuntary if it was interrupted.',
    pt: 'Uma corrotina executa até esperar; então o event loop passa para outra. Uma thread é interrompida pelo sistema operacional quando outras querem o seu core, onde quer que esteja. O sistema conta as duas coisas: uma troca é voluntária se a própria thread esperou, e involuntária se ela foi interrompida.',
  },
  tutorial: {
    en: 'With coroutines the context switch happens not by interruption, but because something is waited for: an answer from the network, or I/O.',
    pt: 'Com as corrotinas a mudança de contexto acontece não por interrupção, mas por ocorrência de uma espera: uma resposta da rede, ou I/O.',
  },
  differs: {
    en: `The ${TASKS} coroutines wait ${TURNS} times each; where all of them wait, the thread is given up only once for all of them together. The threads, twice as many as there are cores, compute and never wait.`,
    pt: `As ${TASKS} corrotinas esperam ${TURNS} vezes cada uma; quando todas esperam, a thread é cedida uma única vez por todas elas juntas. As threads, o dobro dos cores, calculam e nunca esperam.`,
  },
  ways: (cores) => {
    const poolSize = Math.min(2 * cores, MOST_THREADS);
    return [
      { ...EVENT_LOOP, tasks: TASKS, params: { waits: true } },
      { ...threads(poolSize), tasks: poolSize, params: { waits: false } },
    ];
  },
  judge: (measured, { cores }) => {
    if (measured.readings.some(({ contextSwitches }) => contextSwitches === null))
      return { claims: [], notMeasured: [NOT_COUNTED] };
    if (!isPool(measured.way)) return { claims: ofCoroutines(measured) };
    if (measured.way.poolSize < 2 * cores) return { claims: [], notMeasured: [TOO_MANY_CORES] };
    return { claims: ofThreads(measured) };
  },
};

const NOT_COUNTED: Text = {
  en: 'This system does not count context switches: not measured.',
  pt: 'Este sistema não conta trocas de contexto: não medido.',
};

const TOO_MANY_CORES: Text = {
  en: `Twice as many threads as cores would be more than ${MOST_THREADS}: not measured.`,
  pt: `O dobro dos cores seriam mais de ${MOST_THREADS} threads: não medido.`,
};

function ofCoroutines({ readings, slices }: Measured): readonly Claim[] {
  const [voluntary, involuntary] = [switchesOf(readings, 'voluntary'), switchesOf(readings, 'involuntary')];
  return [
    atLeast({
      text: {
        en: `voluntary switches of a batch are at least ${TURNS / 2}: the coroutines wait together, ${TURNS} times`,
        pt: `as trocas voluntárias de um lote são pelo menos ${TURNS / 2}: as corrotinas esperam juntas, ${TURNS} vezes`,
      },
      limit: TURNS / 2,
      measured: voluntary,
    }),
    atMost({
      text: {
        en: 'involuntary switches are at most half as many',
        pt: 'as trocas involuntárias são no máximo a metade disso',
      },
      limit: voluntary / 2,
      measured: involuntary,
    }),
    equal({
      text: {
        en: 'coroutines running in the same instant, at most',
        pt: 'corrotinas executando no mesmo instante, no máximo',
      },
      expected: 1,
      measured: mostRunning(slices),
    }),
  ];
}

function ofThreads({ way, readings }: Measured): readonly Claim[] {
  return [
    atLeast({
      text: {
        en: `involuntary switches of a batch are at least ${way.poolSize}, one for each thread, though none of them waits`,
        pt: `as trocas involuntárias de um lote são pelo menos ${way.poolSize}, uma por thread, embora nenhuma delas espere`,
      },
      limit: way.poolSize,
      measured: switchesOf(readings, 'involuntary'),
    }),
  ];
}

function switchesOf(readings: Measured['readings'], kind: 'voluntary' | 'involuntary'): number {
  return medianOf(readings, ({ contextSwitches }) => contextSwitches?.[kind] ?? 0);
}
