import { milliseconds, number } from '../../model/language.ts';
import type { ClaimValue, Language, LessonsReport, TaughtClaim } from '../../model/lessons.ts';
import type { StrategyName } from '../../model/results.ts';
import type { TimelineWords } from '../figures/timeline.ts';
import { traitsOf, type StrategyTraits } from '../../model/strategies.ts';

/** What stands around the lessons, in one language: the other has to have all of it as well. */
export type Words = typeof english;

const english = {
  number: (value: number) => number(value, 'en'),
  expected: 'expected',
  tutorialSays: 'The tutorial says',
  otherwise: 'What is otherwise here',
  notPerformed: 'could not be performed',
  measuredAgain: (attempts: number) => `measured ${attempts} times, since a claim had failed`,
  timeline: (totalMs: number) =>
    `who is under way, in ${milliseconds(totalMs, 'en')}: a number is a task that starts or runs, · waits`,
  allHold: (lessons: number, claims: number) => {
    if (lessons > 1) return `All ${claims} claims of ${lessons} lessons hold.`;
    return claims === 1 ? 'The claim of the lesson holds.' : `All ${claims} claims of the lesson hold.`;
  },
  someFail: (failed: number, claims: number) => `${failed} of ${claims} claims ${failed === 1 ? 'fails' : 'fail'}.`,
  incomplete: 'Interrupted: not all lessons were performed.',
  facts: ({ unitMs, seed, environment: { cores, node }, durationMs }: LessonsReport) => [
    `a second of the tutorial: ${milliseconds(unitMs, 'en')}`,
    `seed ${seed}`,
    `${cores} usable ${cores === 1 ? 'core' : 'cores'}`,
    `Node ${node}`,
    `${number(durationMs / 1000, 'en')} s`,
  ],
  columns: ['lesson', 'in the tutorial', 'event loop', 'threads', 'processes'],
  lane: laneNames({ main: 'main thread', thread: 'worker thread', process: 'child process' }),
  yes: 'yes',
  no: 'no',
  nothing: 'nothing',
  title: 'Lanewise lessons: concurrency and parallelism, one measured claim at a time',
  scoreboard: 'Scoreboard',
  howToRead:
    'The pictures: a row for each lane and, where several tasks are under way in it, for each of them. A thick bar is a task that runs, with its number; a thin one is a task that waits. The strip below counts how many run at once; the dashed line is the usable cores.',
  footer: 'Made by Lanewise from measurements on one machine, at that time.',
  /** In the drawing of a timeline. */
  drawing: {
    ms: (value) => milliseconds(value, 'en'),
    runningAtOnce: 'running at once',
    axis: 'ms since it began',
    endsBeyond: ', beyond the right edge',
    lanesDrawn: (drawn, all) => `the first ${drawn} of ${all} lanes are drawn.`,
    tasksDrawn: (drawn, all) => `${drawn} of ${all} tasks under way at once in a lane are drawn.`,
    inSteps: (stepMs) => `Drawn in steps of ${milliseconds(stepMs, 'en')}.`,
    alternative: (blocks, scaleMs) =>
      `On one scale of ${milliseconds(scaleMs, 'en')}: ${blocks
        .map(
          ({ name, tasks, lanes, endMs, peak }) =>
            `${name}: tasks ${tasks}, lanes ${lanes}, done after ${milliseconds(endMs, 'en')}, at most ${peak} running at once`,
        )
        .join('; ')}.`,
  } satisfies TimelineWords,
};

const portuguese: Words = {
  number: (value) => number(value, 'pt'),
  expected: 'esperado',
  tutorialSays: 'O tutorial diz',
  otherwise: 'O que aqui é diferente',
  notPerformed: 'não pôde ser executada',
  measuredAgain: (attempts) => `medido ${attempts} vezes, pois uma afirmação tinha falhado`,
  timeline: (totalMs) =>
    `quem está em andamento, em ${milliseconds(totalMs, 'pt')}: um número é uma tarefa que começa ou executa, · espera`,
  allHold: (lessons, claims) => {
    if (lessons > 1) return `As ${claims} afirmações de ${lessons} lições valem.`;
    return claims === 1 ? 'A afirmação da lição vale.' : `As ${claims} afirmações da lição valem.`;
  },
  someFail: (failed, claims) => `${failed} de ${claims} afirmações ${failed === 1 ? 'falha' : 'falham'}.`,
  incomplete: 'Interrompido: nem todas as lições foram executadas.',
  facts: ({ unitMs, seed, environment: { cores, node }, durationMs }) => [
    `um segundo do tutorial: ${milliseconds(unitMs, 'pt')}`,
    `seed ${seed}`,
    `${cores} ${cores === 1 ? 'core utilizável' : 'cores utilizáveis'}`,
    `Node ${node}`,
    `${number(durationMs / 1000, 'pt')} s`,
  ],
  columns: ['lição', 'no tutorial', 'event loop', 'threads', 'processos'],
  lane: laneNames({ main: 'thread principal', thread: 'worker thread', process: 'processo filho' }),
  yes: 'sim',
  no: 'não',
  nothing: 'nada',
  title: 'Lições do Lanewise: concorrência e paralelismo, uma afirmação medida de cada vez',
  scoreboard: 'Placar',
  howToRead:
    'As figuras: uma linha para cada executor e, onde várias tarefas estão em andamento nele, para cada uma delas. Uma barra grossa é uma tarefa que executa, com o seu número; uma fina é uma tarefa que espera. A faixa abaixo conta quantas executam ao mesmo tempo; a linha tracejada são os cores utilizáveis.',
  footer: 'Feito pelo Lanewise a partir de medições em uma máquina, naquele momento.',
  drawing: {
    ms: (value) => milliseconds(value, 'pt'),
    runningAtOnce: 'executando',
    axis: 'ms desde o início',
    endsBeyond: ', além da borda direita',
    lanesDrawn: (drawn, all) => `são mostrados os primeiros ${drawn} de ${all} executores.`,
    tasksDrawn: (drawn, all) => `são mostradas ${drawn} de ${all} tarefas em andamento ao mesmo tempo em um executor.`,
    inSteps: (stepMs) => `Desenhado em passos de ${milliseconds(stepMs, 'pt')}.`,
    alternative: (blocks, scaleMs) =>
      `Em uma escala de ${milliseconds(scaleMs, 'pt')}: ${blocks
        .map(
          ({ name, tasks, lanes, endMs, peak }) =>
            `${name}: tarefas ${tasks}, executores ${lanes}, fim após ${milliseconds(endMs, 'pt')}, no máximo ${peak} executando ao mesmo tempo`,
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

/** What was measured, as it is written in a sentence. */
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

/** A claim with what was measured; if it fails, also with what was expected. */
export function claimText({ text, expected, measured, unit, pass }: TaughtClaim, words: Words): string {
  const found = `${text}: ${valueText(measured, unit, words)}`;
  return pass ? found : `${found} (${words.expected} ${valueText(expected, unit, words)})`;
}

function nested(value: ClaimValue, words: Words): string {
  const text = valueText(value, undefined, words);
  return typeof value === 'object' && value !== null ? `[${text}]` : text;
}
