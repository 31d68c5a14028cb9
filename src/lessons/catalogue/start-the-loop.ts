import type code from '../../../bench/lessons/start-the-loop.ts';
import type { Ending } from '../../../bench/lessons/start-the-loop.ts';
import type { ResultOf } from '../../../workers/lesson-code.ts';
import { atLeast, type Claim, equal, LONGEST_DELAY, near, THE_SUM } from '../claims.ts';
import { EVENT_LOOP } from '../configurations.ts';
import { experiment } from '../lesson.ts';
import type { Text } from '../../model/language.ts';

export const startTheLoop = experiment<ResultOf<typeof code>>({
  id: 'start-the-loop',
  origin: { en: 'text: starting the loop', pt: 'texto: 3 estratégias para inicializar o loop' },
  title: { en: 'Starting the loop: run, run_until_complete, run_forever', pt: 'Três maneiras de iniciar o loop' },
  idea: {
    en: 'asyncio has to be asked to run its loop; in Node it already runs, and ends when there is nothing left to wait for. Three programs, each in its own process, show the closest match to run, run_until_complete and run_forever.',
    pt: 'No asyncio é preciso mandar o loop rodar; no Node ele já está rodando, e termina quando não há mais nada a esperar. Três programas, cada um em seu próprio processo, mostram o que há de mais próximo de run, run_until_complete e run_forever.',
  },
  tutorial: {
    en: 'run closes the loop by itself once all tasks are done; run_until_complete keeps it running until then; run_forever keeps it running until Control+C or loop.stop().',
    pt: 'run fecha o loop sozinho quando todas as tarefas terminam; run_until_complete mantém o loop rodando até esse momento; run_forever mantém o loop rodando até um Control+C ou loop.stop().',
  },
  differs: {
    en: 'In Python, run_until_complete returns only when its task is done, and asyncio.run then cancels the remaining ones. In Node the call returns at once, and the process stays while anything remains. There is no loop.stop(): clear what keeps the loop alive, and it ends.',
    pt: 'Em Python, run_until_complete só retorna quando a sua tarefa termina, e asyncio.run então cancela as restantes. No Node a chamada retorna na hora, e o processo continua enquanto restar alguma coisa. Não há loop.stop(): remova o que mantém o loop vivo, e ele termina.',
  },
  files: ['start-the-loop/run', 'start-the-loop/run-until-complete', 'start-the-loop/run-forever'],
  configurations: [EVENT_LOOP],
  checkClaims: ({ result: { run, untilComplete, forever } }, { unitMs }) => {
    const [called, , emptied] = untilComplete.lines;
    return {
      claims: [
        ...endedByItself('run', run, unitMs),
        ...endedByItself('run-until-complete', untilComplete, unitMs),
        equal({
          text: {
            en: 'run-until-complete: the call returned first, and the process ended when the loop was empty',
            pt: 'run-until-complete: a chamada retornou primeiro, e o processo terminou com o loop vazio',
          },
          expected: ['main was called', 'the loop is empty'],
          measured: [called ?? null, emptied ?? null],
        }),
        ...(forever === undefined ? [] : untilStopped(forever)),
      ],
      notMeasured: forever === undefined ? [NO_SIGNAL] : [],
    };
  },
});

const NO_SIGNAL: Text = {
  en: 'run-forever: not measured on Windows, where one program cannot send Ctrl-C to another.',
  pt: 'run-forever: não medido no Windows, onde um programa não consegue enviar Ctrl-C a outro.',
};

/** Each program prints how long its tasks took. */
function endedByItself(program: string, { code, lines }: Ending, unitMs: number): readonly Claim[] {
  const printed = /all done after (\d+) ms/.exec(lines.join('\n'))?.[1];
  return [
    equal({
      text: {
        en: `${program}: its process ended by itself, with exit code`,
        pt: `${program}: o processo terminou sozinho, com código de saída`,
      },
      expected: 0,
      measured: code,
    }),
    near({
      what: { en: `${program}: the time of its three tasks`, pt: `${program}: o tempo das três tarefas` },
      // NaN is near nothing.
      measuredMs: Number(printed),
      expected: { ms: 3 * unitMs, is: LONGEST_DELAY },
      not: { ms: 6 * unitMs, is: THE_SUM },
      unitMs,
    }),
  ];
}

function untilStopped({ code, lines }: Ending): readonly Claim[] {
  return [
    atLeast({
      text: {
        en: 'run-forever: it ran until it was stopped, and printed so at least once',
        pt: 'run-forever: rodou até ser interrompido, e avisou isso pelo menos uma vez',
      },
      limit: 1,
      measured: lines.filter((line) => line === 'still running').length,
    }),
    equal({
      text: {
        en: 'run-forever: on Ctrl-C it closed cleanly, with exit code',
        pt: 'run-forever: com Ctrl-C, encerrou de forma limpa, com código de saída',
      },
      expected: ['closed cleanly', 0],
      measured: [lines.at(-1) ?? null, code],
    }),
  ];
}
