import { medianOf, mostOf } from '../batches.ts';
import { atLeast, atMost, equal, type Claim } from '../claims.ts';
import { EVENT_LOOP, isPool, processes, threads } from '../configurations.ts';
import { type BatchLesson, type Machine, type Measured } from '../lesson.ts';
import { number, text, type Text } from '../../model/language.ts';
import { mostRunning } from '../../stats/timeline-facts.ts';

/** A larger pool shows nothing more and takes longer to start. */
const MOST_LANES = 4;
/** Enough to keep every worker busy nearly until the end of the batch. */
const TASKS_PER_LANE = 3;
/** One CPU, plus the error of reading the counters. */
const ONE_CORE = 1.2;
/** Not that all of them have a CPU: the system may have given it to another program. */
const IN_THE_MIDDLE: Text = {
  en: 'tasks in the middle of computing at once, at most',
  pt: 'tarefas no meio do cálculo ao mesmo tempo, no máximo',
};
const ONE_CPU: Text = {
  en: 'Not measured: parallelism needs two usable CPUs, and here is one.',
  pt: 'Não medido: o paralelismo precisa de dois núcleos disponíveis, e aqui há um só.',
};
/** Share of what each further worker could add at most; the rest allows for other programs on the machine. */
const LEAST_GAIN = 0.3;

export const concurrencyIsNotParallelism: BatchLesson = {
  kind: 'batch',
  id: 'concurrency-is-not-parallelism',
  origin: { en: 'text: concurrency and parallelism', pt: 'texto: concorrência e paralelismo' },
  title: { en: 'Concurrency is not parallelism', pt: 'Concorrência não é paralelismo' },
  idea: {
    en: 'The same tasks compute, and yield to the event loop now and then. On one loop they take turns: all are in flight, and one CPU works. In threads or processes they run at the same instant, on one CPU per worker, as far as there are CPUs.',
    pt: 'As mesmas tarefas fazem cálculos e, de vez em quando, devolvem o controle ao event loop. Em um só loop elas se revezam: todas estão em andamento, mas só um núcleo de CPU trabalha. Em threads ou processos elas rodam no mesmo instante, cada worker em um núcleo, se houver núcleos para todos.',
  },
  tutorial: {
    en: 'Concurrency: each task runs in part, with repeated context switches until all are done. Parallelism: tasks run at exactly the same time, on several cores.',
    pt: 'Concorrência: cada tarefa é executada de modo parcial, com repetidas trocas de contexto até que todas terminem. Paralelismo: as tarefas são executadas exatamente ao mesmo tempo, em vários núcleos.',
  },
  differs: {
    en: 'Node’s threads run JavaScript in parallel. In the usual build of CPython, the global interpreter lock (GIL) lets only one thread run Python code at a time; there, processes do it.',
    pt: 'As threads do Node rodam JavaScript em paralelo. Na versão usual do CPython, o lock global do interpretador (GIL) só deixa uma thread por vez rodar código Python; lá, quem faz isso são os processos.',
  },
  configurations: (cores) => {
    const lanes = Math.min(cores, MOST_LANES);
    const tasks = lanes * TASKS_PER_LANE;
    return [EVENT_LOOP, threads(lanes), processes(lanes)].map((configuration) => ({
      ...configuration,
      tasks,
      params: {},
    }));
  },
  checkClaims: (measured, machine) =>
    isPool(measured.configuration)
      ? {
          claims: inLanes(measured, machine),
          ...(mostCpus(measured, machine) <= 1 && { notMeasured: [ONE_CPU] }),
        }
      : { claims: onOneLoop(measured) },
};

function onOneLoop({ readings, slices }: Measured): readonly Claim[] {
  return [
    atLeast({
      text: {
        en: 'concurrency: at least 1.5 tasks in flight on average',
        pt: 'concorrência: em média, pelo menos 1,5 tarefa em andamento',
      },
      limit: 1.5,
      measured: medianOf(readings, ({ tasksInFlight }) => tasksInFlight),
    }),
    atMost({
      text: {
        en: 'no parallelism: no batch used more than one CPU (at most 1.2)',
        pt: 'sem paralelismo: nenhum lote usou mais de um núcleo de CPU (no máximo 1,2)',
      },
      limit: ONE_CORE,
      measured: mostOf(readings, ({ cpusUsed }) => cpusUsed),
    }),
    equal({
      text: IN_THE_MIDDLE,
      expected: 1,
      measured: mostRunning(slices),
    }),
  ];
}

/** CPUs that the workers can use: a quota of 1.2 limits two of them to 1.2. */
function mostCpus({ configuration: { poolSize } }: Pick<Measured, 'configuration'>, { cpuQuota }: Machine): number {
  return Math.min(poolSize, cpuQuota ?? poolSize);
}

function inLanes(measured: Measured, machine: Machine): readonly Claim[] {
  const { configuration, readings, slices } = measured;
  const most = mostCpus(measured, machine);
  const cpusUsed = mostOf(readings, (reading) => reading.cpusUsed);
  return [
    most <= 1 ? onOneCore(cpusUsed) : onCores(most, cpusUsed),
    equal({
      text: IN_THE_MIDDLE,
      expected: configuration.poolSize,
      measured: mostRunning(slices),
    }),
  ];
}

/**
 * The batch least disturbed by other programs decides: one loop never uses more than one CPU, so a single batch proves
 * it.
 */
function onCores(most: number, cpusUsed: number): Claim {
  const limit = 1 + LEAST_GAIN * (most - 1);
  return atLeast({
    text: text((language) => {
      const least = number(limit, language);
      return {
        en: `parallelism: at least ${least} CPUs used, in the batch that used most`,
        pt: `paralelismo: pelo menos ${least} núcleo de CPU usado, no lote que mais usou`,
      }[language];
    }),
    limit,
    measured: cpusUsed,
  });
}

function onOneCore(cpusUsed: number): Claim {
  return atMost({
    text: {
      en: 'no parallelism on one CPU: at most one CPU used',
      pt: 'sem paralelismo com um só núcleo de CPU: no máximo um núcleo usado',
    },
    limit: ONE_CORE,
    measured: cpusUsed,
  });
}
