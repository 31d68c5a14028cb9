import { milliseconds, number } from '../../model/language.ts';
import { traitsOf } from '../../model/strategies.ts';
import { duration } from '../numbers.ts';
import { laneNames, type Ran } from './ran.ts';
import type { Words } from './words.ts';

export const portuguese: Words = {
  number: (value) => number(value, 'pt'),
  expected: 'esperado',
  tutorialSays: 'O tutorial diz',
  differs: 'O que é diferente aqui',
  takeaway: 'Conclusão',
  modifiedCopy: (id, file) => `cópia modificada de ${id}: ${file}`,
  source:
    'O tutorial é “Corotines”, um notebook Jupyter em português sobre o asyncio do Python. In [5] é a célula 5; “texto” é o texto entre as células; o “acréscimo” não está nele.',
  notRun: 'não foi possível rodar',
  step: (done, all) => `Etapa ${done + 1} de ${all}`,
  remaining: (ms) => `faltam cerca de ${duration(ms).replace('.', ',')}`,
  stopping: 'Parando.',
  written: 'Arquivos gravados',
  measuredAgain: (attempts) => `medido ${attempts} vezes, porque uma afirmação falhou`,
  timeline: (totalMs) =>
    `Linha do tempo, 0–${milliseconds(totalMs, 'pt')}: um número ou uma letra é uma tarefa que começa ou está rodando, · é uma que espera`,
  allHold: (lessons, claims) => {
    if (lessons > 1) return `Todas as ${claims} afirmações das ${lessons} lições se confirmaram.`;
    return claims === 1
      ? 'A afirmação da lição se confirmou.'
      : `Todas as ${claims} afirmações da lição se confirmaram.`;
  },
  someFail: (failed, claims) =>
    `${failed} de ${claims} afirmações não se ${failed === 1 ? 'confirmou' : 'confirmaram'}.`,
  busy: (used, cores) =>
    `Logo depois de uma falhar, outros programas usavam ${number(used, 'pt')} de ${cores} ${cores === 1 ? 'CPU' : 'CPUs'}, e por isso afirmações sobre tempos e paralelismo podem não se confirmar: repita as lições quando eles terminarem.`,
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
  claims: 'Afirmações',
  howToRead:
    'Como ler as figuras: uma linha por worker e, quando ele tem várias tarefas em andamento, uma por tarefa. Uma barra grossa é uma tarefa rodando, com o seu número; uma fina é uma tarefa esperando. Uma tarefa roda desde o início, ou desde o fim de uma espera, mesmo enquanto o sistema cede o núcleo a outros. A faixa de baixo conta as tarefas rodando; a linha tracejada marca os núcleos de CPU disponíveis, e acima dela as tarefas dividem esses núcleos.',
  footer: 'Medido pelo Lanewise em uma única máquina, no momento indicado acima.',
  drawing: {
    ms: (value) => milliseconds(value, 'pt'),
    tick: (value) => number(value, 'pt'),
    runningAtOnce: 'rodando juntas',
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

/** As {@link configurationName}: the lessons run on the event loop and in the two kinds of pool only. */
function configurationInPortuguese({ strategy, poolSize, concurrency }: Ran): string {
  const { laneKind, lanes } = traitsOf({ strategy });
  if (lanes === 'one') return 'Event loop';
  const [one, many] =
    laneKind === 'process' ? ['processo filho', 'processos filhos'] : ['worker thread', 'worker threads'];
  const workers = `${poolSize} ${poolSize === 1 ? one : many}`;
  return concurrency === 'all' ? `${workers}, todas as tarefas ao mesmo tempo` : workers;
}
