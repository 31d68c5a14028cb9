import { milliseconds, number } from '../../model/language.ts';
import type { ClaimValue, Language, LessonsReport, TaughtClaim, TaughtConfiguration } from '../../model/lessons.ts';
import type { StrategyName } from '../../model/results.ts';
import type { TimelineWords } from '../figures/timeline.ts';
import { capital, configurationName } from '../names.ts';
import { duration } from '../numbers.ts';
import { traitsOf, type StrategyTraits } from '../../model/strategies.ts';

/** Configuration that a lesson runs on. */
type Ran = Pick<TaughtConfiguration, 'strategy' | 'poolSize' | 'concurrency'>;

/** Text around the lessons in one language: a translation that misses some of it does not compile. */
export type Words = typeof english;

const english = {
  number: (value: number) => number(value, 'en'),
  expected: 'expected',
  tutorialSays: 'The tutorial says',
  differs: 'What differs here',
  modifiedCopy: (id: string, file: string) => `modified copy of ${id}: ${file}`,
  source:
    'The tutorial is “Corotines”, a Jupyter notebook in Portuguese on Python’s asyncio. In [5] is its cell 5; “text” is the text between its cells.',
  notRun: 'could not be run',
  step: (done: number, all: number) => `Step ${done + 1} of ${all}`,
  remaining: (ms: number) => `about ${duration(ms)} left`,
  stopping: 'Stopping.',
  written: 'Written',
  measuredAgain: (attempts: number) => `measured ${attempts} times because a claim failed`,
  timeline: (totalMs: number) =>
    `Timeline, 0–${milliseconds(totalMs, 'en')}: a digit is a task that starts or runs, · is a waiting one`,
  allHold: (lessons: number, claims: number) => {
    if (lessons > 1) return `All ${claims} claims of ${lessons} lessons hold.`;
    return claims === 1 ? 'The claim of the lesson holds.' : `All ${claims} claims of the lesson hold.`;
  },
  someFail: (failed: number, claims: number) => `${failed} of ${claims} claims ${failed === 1 ? 'fails' : 'fail'}.`,
  incomplete: 'Interrupted: not all lessons were run.',
  facts: ({ unitMs, seed, environment: { cores, node }, durationMs }: LessonsReport) => [
    `one tutorial second: ${milliseconds(unitMs, 'en')}`,
    `seed ${seed}`,
    `${cores} usable ${cores === 1 ? 'CPU' : 'CPUs'}`,
    `Node ${node}`,
    `${number(durationMs / 1000, 'en')} s`,
  ],
  columns: ['lesson', 'in the tutorial', 'event loop', 'threads', 'processes'],
  lane: laneNames({ main: 'main thread', thread: 'worker thread', process: 'child process' }),
  configuration: (configuration: Ran) => capital(configurationName(configuration)),
  yes: 'yes',
  no: 'no',
  nothing: 'nothing',
  title: 'Lanewise lessons: concurrency and parallelism, one measured claim at a time',
  scoreboard: 'Scoreboard',
  howToRead:
    'How to read the pictures: one row per worker and, where it has several tasks in flight, one per task. A thick bar is a running task, with its number; a thin one is a waiting task. The strip below counts the tasks running at once; the dashed line marks the usable CPUs.',
  footer: 'Measured by Lanewise on one machine, at the time shown above.',
  /** Text in the picture of a timeline. */
  drawing: {
    ms: (value) => milliseconds(value, 'en'),
    runningAtOnce: 'running at once',
    axis: 'ms since the start',
    endsBeyond: ', beyond the right edge',
    lanesDrawn: (drawn, all) => `the first ${drawn} of ${all} workers are drawn.`,
    tasksDrawn: (drawn, all) => `${drawn} of ${all} tasks in flight in a worker are drawn.`,
    inSteps: (stepMs) => `Drawn in steps of ${milliseconds(stepMs, 'en')}.`,
    alternative: (blocks, scaleMs) =>
      `On one scale of ${milliseconds(scaleMs, 'en')}: ${blocks
        .map(
          ({ name, tasks, lanes, endMs, peak }) =>
            `${name}: tasks ${tasks}, workers ${lanes}, done after ${milliseconds(endMs, 'en')}, at most ${peak} running at once`,
        )
        .join('; ')}.`,
  } satisfies TimelineWords,
};

const portuguese: Words = {
  number: (value) => number(value, 'pt'),
  expected: 'esperado',
  tutorialSays: 'O tutorial diz',
  differs: 'O que é diferente aqui',
  modifiedCopy: (id, file) => `cópia modificada de ${id}: ${file}`,
  source:
    'O tutorial é “Corotines”, um notebook Jupyter em português sobre o asyncio do Python. In [5] é a célula 5; “texto” é o texto entre as células.',
  notRun: 'não foi possível rodar',
  step: (done, all) => `Etapa ${done + 1} de ${all}`,
  remaining: (ms) => `faltam cerca de ${duration(ms).replace('.', ',')}`,
  stopping: 'Parando.',
  written: 'Arquivos gravados',
  measuredAgain: (attempts) => `medido ${attempts} vezes, porque uma afirmação falhou`,
  timeline: (totalMs) =>
    `Linha do tempo, 0–${milliseconds(totalMs, 'pt')}: um número é uma tarefa que começa ou está rodando, · é uma que espera`,
  allHold: (lessons, claims) => {
    if (lessons > 1) return `Todas as ${claims} afirmações das ${lessons} lições se confirmaram.`;
    return claims === 1
      ? 'A afirmação da lição se confirmou.'
      : `Todas as ${claims} afirmações da lição se confirmaram.`;
  },
  someFail: (failed, claims) =>
    `${failed} de ${claims} afirmações não se ${failed === 1 ? 'confirmou' : 'confirmaram'}.`,
  incomplete: 'Interrompido: nem todas as lições foram executadas.',
  facts: ({ unitMs, seed, environment: { cores, node }, durationMs }) => [
    `um segundo do tutorial: ${milliseconds(unitMs, 'pt')}`,
    `semente ${seed}`,
    `${cores} ${cores === 1 ? 'núcleo de CPU disponível' : 'núcleos de CPU disponíveis'}`,
    `Node ${node}`,
    `${number(durationMs / 1000, 'pt')} s`,
  ],
  columns: ['lição', 'no tutorial', 'event loop', 'threads', 'processos'],
  lane: laneNames({ main: 'thread principal', thread: 'worker thread', process: 'processo filho' }),
  configuration: configurationInPortuguese,
  yes: 'sim',
  no: 'não',
  nothing: 'nada',
  title: 'Lições do Lanewise: concorrência e paralelismo, uma afirmação medida por vez',
  scoreboard: 'Placar',
  howToRead:
    'Como ler as figuras: uma linha por worker e, quando ele tem várias tarefas em andamento, uma por tarefa. Uma barra grossa é uma tarefa rodando, com o seu número; uma fina é uma tarefa esperando. A faixa de baixo conta as tarefas rodando ao mesmo tempo; a linha tracejada marca os núcleos de CPU disponíveis.',
  footer: 'Medido pelo Lanewise em uma única máquina, no momento indicado acima.',
  drawing: {
    ms: (value) => milliseconds(value, 'pt'),
    runningAtOnce: 'rodando ao mesmo tempo',
    axis: 'ms desde o início',
    endsBeyond: ', além da borda direita',
    lanesDrawn: (drawn, all) => `são mostrados os primeiros ${drawn} de ${all} workers.`,
    tasksDrawn: (drawn, all) => `são mostradas ${drawn} de ${all} tarefas em andamento em um worker.`,
    inSteps: (stepMs) => `Desenhado em intervalos de ${milliseconds(stepMs, 'pt')}.`,
    alternative: (blocks, scaleMs) =>
      `Em uma escala de ${milliseconds(scaleMs, 'pt')}: ${blocks
        .map(
          ({ name, tasks, lanes, endMs, peak }) =>
            `${name}: tarefas ${tasks}, workers ${lanes}, fim depois de ${milliseconds(endMs, 'pt')}, no máximo ${peak} rodando ao mesmo tempo`,
        )
        .join('; ')}.`,
  },
};

export const WORDS: Readonly<Record<Language, Words>> = { en: english, pt: portuguese };

function laneNames(
  kinds: Readonly<Record<StrategyTraits['laneKind'], string>>,
): (strategy: StrategyName, lane: number) => string {
  return (strategy, lane) => {
    const { laneKind, lanes } = traitsOf({ strategy });
    return lanes === 'one' ? kinds[laneKind] : `${kinds[laneKind]} ${lane + 1}`;
  };
}

/** As {@link configurationName}: the lessons run on the event loop and in the two kinds of pool only. */
function configurationInPortuguese({ strategy, poolSize, concurrency }: Ran): string {
  const { laneKind, lanes } = traitsOf({ strategy });
  if (lanes === 'one') return 'Event loop';
  const [one, many] =
    laneKind === 'process' ? ['processo filho', 'processos filhos'] : ['worker thread', 'worker threads'];
  const workers = `${poolSize} ${poolSize === 1 ? one : many}`;
  return concurrency === 'all' ? `${workers}, todas as tarefas ao mesmo tempo` : workers;
}

/** A measured value as it reads in a sentence. */
function valueText(value: ClaimValue, unit: 'ms' | undefined, words: Words): string {
  if (value === null) return words.nothing;
  switch (typeof value) {
    case 'number':
      return unit === 'ms' ? words.drawing.ms(value) : words.number(value);
    case 'boolean':
      return value ? words.yes : words.no;
    case 'string':
      return value;
    default:
      return value.map((item) => nested(item, words)).join(', ') || words.nothing;
  }
}

/** A claim with its measured value; a failed one also with the expected value. */
export function claimText({ text, expected, measured, unit, pass }: TaughtClaim, words: Words): string {
  const found = `${text}: ${valueText(measured, unit, words)}`;
  return pass ? found : `${found} (${words.expected} ${valueText(expected, unit, words)})`;
}

function nested(value: ClaimValue, words: Words): string {
  const text = valueText(value, undefined, words);
  return typeof value === 'object' && value !== null ? `[${text}]` : text;
}
