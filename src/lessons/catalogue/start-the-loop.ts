import type code from '../../../bench/lessons/start-the-loop.ts';
import type { Ending } from '../../../bench/lessons/start-the-loop.ts';
import type { ResultOf } from '../../../workers/lesson-code.ts';
import { atLeast, type Claim, equal, LONGEST_DELAY, near, THE_SUM } from '../claims.ts';
import { EVENT_LOOP, experiment } from '../lesson.ts';
import type { Text } from '../../model/language.ts';

export const startTheLoop = experiment<ResultOf<typeof code>>({
  id: 'start-the-loop',
  origin: { en: 'text: three ways to start the loop', pt: 'texto: 3 estratégias para inicializar o loop' },
  title: { en: 'Three ways to start the loop', pt: 'Três maneiras de iniciar o loop' },
  idea: {
    en: 'asyncio has to be told to run its loop; in Node it runs already, and ends when nothing is left that it could wait for. Three programs, each in a process of its own, show what comes nearest to run, run_until_complete and run_forever.',
    pt: 'No asyncio é preciso mandar executar o loop; no Node ele já executa, e termina quando não há mais nada a esperar. Três programas, cada um em um processo próprio, mostram o que mais se aproxima de run, run_until_complete e run_forever.',
  },
  tutorial: {
    en: 'run closes the loop by itself once all tasks are done; run_until_complete keeps it running until then; run_forever keeps it running until Control+C or loop.stop().',
    pt: 'run fecha o loop sozinho quando todas as tarefas terminam; run_until_complete mantém o loop até então; run_forever mantém o loop até um Control+C ou loop.stop().',
  },
  differs: {
    en: 'In Python run_until_complete comes back only when what it was given is done, and asyncio.run then cancels what is left. In Node the call comes back at once, and the process stays for whatever is left. There is no loop.stop(): a loop ends when nothing is left, so what keeps it is cleared.',
    pt: 'Em Python run_until_complete só volta quando o que recebeu terminou, e asyncio.run então cancela o que resta. No Node a chamada volta na hora, e o processo fica pelo que ainda resta. Não há loop.stop(): um loop termina quando nada resta, e por isso se limpa o que o mantém.',
  },
  files: ['start-the-loop/run', 'start-the-loop/run-until-complete', 'start-the-loop/run-forever'],
  ways: [EVENT_LOOP],
  judge: ({ result: { run, untilComplete, forever } }, { unitMs }) => {
    const [called, , emptied] = untilComplete.lines;
    return {
      claims: [
        ...endedByItself('run', run, unitMs),
        ...endedByItself('run-until-complete', untilComplete, unitMs),
        equal({
          text: {
            en: 'run-until-complete: the call came back first, and the process ended when the loop was empty',
            pt: 'run-until-complete: a chamada voltou primeiro, e o processo terminou com o loop vazio',
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
  en: 'run-forever: on Windows one program cannot send another one Ctrl-C: not measured.',
  pt: 'run-forever: no Windows um programa não pode enviar Ctrl-C a outro: não medido.',
};

/** The programs print what their tasks took. */
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
      what: { en: `${program}: what its three tasks took`, pt: `${program}: o tempo das suas três tarefas` },
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
        en: 'run-forever: it ran until it was stopped, and said so at least once',
        pt: 'run-forever: executou até ser parado, e o disse pelo menos uma vez',
      },
      limit: 1,
      measured: lines.filter((line) => line === 'still running').length,
    }),
    equal({
      text: {
        en: 'run-forever: at Ctrl-C it closed cleanly, with exit code',
        pt: 'run-forever: com Ctrl-C fechou de forma limpa, com código de saída',
      },
      expected: ['closed cleanly', 0],
      measured: [lines.at(-1) ?? null, code],
    }),
  ];
}
