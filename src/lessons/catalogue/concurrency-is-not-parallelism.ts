import { medianOf, mostOf } from '../batches.ts';
import { atLeast, atMost, equal, type Claim } from '../claims.ts';
import { EVENT_LOOP, isPool, processes, threads, type BatchLesson, type Machine, type Measured } from '../lesson.ts';
import { number, text } from '../../model/language.ts';
import { mostRunning } from '../../stats/timeline-facts.ts';

/** A pool larger than this shows nothing more, and takes longer to start. */
const MOST_LANES = 4;
/** So that each lane has work until the end of the batch, nearly. */
const TASKS_PER_LANE = 3;
/** One, and what reading the counters is off by. */
const ONE_CORE = 1.2;
/** Of what a further lane could add at most; the rest is left to whatever else the machine does. */
const LEAST_GAIN = 0.3;

export const concurrencyIsNotParallelism: BatchLesson = {
  kind: 'batch',
  id: 'concurrency-is-not-parallelism',
  origin: { en: 'text: concurrency and parallelism', pt: 'texto: concorrência e paralelismo' },
  title: { en: 'Concurrency is not parallelism', pt: 'Concorrência não é paralelismo' },
  idea: {
    en: 'The same tasks compute, and give the event loop back now and then. On one loop they take turns: all are in progress, and one core works. In threads or processes they run in the same instant, on as many cores as there are lanes.',
    pt: 'As mesmas tarefas calculam, e de vez em quando devolvem o event loop. Em um só loop elas se revezam: todas estão em andamento, e um core trabalha. Em threads ou processos elas executam no mesmo instante, em tantos cores quantos forem os executores.',
  },
  tutorial: {
    en: 'Concurrency: tasks run in part, with switches again and again until all are done. Parallelism: they run at exactly the same time, on several cores.',
    pt: 'Concorrência: cada tarefa é executada de modo parcial, com repetidas trocas de contexto até que todas terminem. Paralelismo: as tarefas são executadas exatamente ao mesmo tempo, por meio de múltiplos cores.',
  },
  differs: {
    en: 'Threads of Node run JavaScript in parallel. Those of CPython, in its usual build, do not run Python code at the same time: its global lock (GIL) lets one of them at a time; there, processes do it.',
    pt: 'As threads do Node executam JavaScript em paralelo. As do CPython, na sua versão usual, não executam código Python ao mesmo tempo: a trava global (GIL) deixa uma de cada vez; lá, processos fazem isso.',
  },
  ways: (cores) => {
    const lanes = Math.min(cores, MOST_LANES);
    const tasks = lanes * TASKS_PER_LANE;
    return [EVENT_LOOP, threads(lanes), processes(lanes)].map((way) => ({ ...way, tasks, params: {} }));
  },
  judge: (measured, machine) => ({
    claims: isPool(measured.way) ? inLanes(measured, machine) : onOneLoop(measured),
  }),
};

function onOneLoop({ readings, slices }: Measured): readonly Claim[] {
  return [
    atLeast({
      text: {
        en: 'concurrency: tasks in progress at once, on average, are at least 1.5',
        pt: 'concorrência: as tarefas em andamento ao mesmo tempo, em média, são pelo menos 1,5',
      },
      limit: 1.5,
      measured: medianOf(readings, ({ inProgress }) => inProgress),
    }),
    atMost({
      text: {
        en: 'no parallelism: no batch used more than one core (1.2 at most)',
        pt: 'nenhum paralelismo: nenhum lote usou mais de um core (1,2 no máximo)',
      },
      limit: ONE_CORE,
      measured: mostOf(readings, ({ coresUsed }) => coresUsed),
    }),
    equal({
      text: { en: 'tasks running in the same instant, at most', pt: 'tarefas executando no mesmo instante, no máximo' },
      expected: 1,
      measured: mostRunning(slices),
    }),
  ];
}

function inLanes({ way, readings, slices }: Measured, { cpuQuota }: Machine): readonly Claim[] {
  // A quota of 1.2 cores gives two lanes 1.2 cores.
  const most = Math.min(way.poolSize, cpuQuota ?? way.poolSize);
  const coresUsed = mostOf(readings, (reading) => reading.coresUsed);
  return [
    most <= 1 ? onOneCore(coresUsed) : onCores(most, coresUsed),
    equal({
      text: { en: 'tasks running in the same instant, at most', pt: 'tarefas executando no mesmo instante, no máximo' },
      expected: way.poolSize,
      measured: mostRunning(slices),
    }),
  ];
}

/** Of the batch that the rest of the machine left most to: one loop never has more than one core, so one batch is enough. */
function onCores(most: number, coresUsed: number): Claim {
  const limit = 1 + LEAST_GAIN * (most - 1);
  return atLeast({
    text: text((language) => {
      const least = number(limit, language);
      return {
        en: `parallelism: the cores used, in the batch that used most, are at least ${least}`,
        pt: `paralelismo: os cores usados, no lote que mais usou, são pelo menos ${least}`,
      }[language];
    }),
    limit,
    measured: coresUsed,
  });
}

function onOneCore(coresUsed: number): Claim {
  return atMost({
    text: {
      en: 'there is one core here, and so no parallelism: cores used are one at most',
      pt: 'aqui há um só core, e por isso nenhum paralelismo: os cores usados são no máximo um',
    },
    limit: ONE_CORE,
    measured: coresUsed,
  });
}
