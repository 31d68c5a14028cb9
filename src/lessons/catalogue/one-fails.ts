import type code from '../../../bench/lessons/one-fails.ts';
import type { ResultOf } from '../../../workers/lesson-code.ts';
import { equal, near, type Claim } from '../claims.ts';
import { EVENT_LOOP, isPool, processes, threads, type Configuration } from '../configurations.ts';
import { experiment } from '../lesson.ts';
import { count } from '../tasks.ts';

export const oneFails = experiment<ResultOf<typeof code>>({
  id: 'one-fails',
  origin: { en: 'In [19]', pt: 'In [19]' },
  title: { en: 'One task fails', pt: 'Uma tarefa falha' },
  idea: {
    en: 'A group fails as soon as one of its tasks does. The other tasks are not stopped: they run to the end, and their results are lost.',
    pt: 'Um grupo falha assim que uma das suas tarefas falha. As outras não são interrompidas: rodam até o fim, e os resultados delas se perdem.',
  },
  tutorial: {
    en: 'The first of ten tasks raises an exception after a second; it is caught where the group is awaited: "Something bad happened", "main done 1 second".',
    pt: 'A primeira de dez tarefas lança uma exceção depois de um segundo; ela é capturada onde o grupo é aguardado: "Something bad happened", "main done 1 second".',
  },
  differs: {
    en: 'Here the other nine wait two seconds, to show that they are not stopped. An error from a pool crosses a boundary: what is caught is a copy with the same message, but without its own class and code.',
    pt: 'Aqui as outras nove esperam dois segundos, para mostrar que não são interrompidas. Um erro que vem de um pool atravessa uma fronteira: o que se captura é uma cópia com a mesma mensagem, mas sem a classe e o código originais.',
  },
  configurations: [EVENT_LOOP, threads(2, 'all'), processes(2, 'all')],
  checkClaims: ({ result, tasks, totalMs }, { configuration, unitMs }) => [
    near({
      what: { en: 'the time until the group failed', pt: 'o tempo até o grupo falhar' },
      measuredMs: totalMs,
      expected: { ms: unitMs, is: { en: 'the failing task', pt: 'a tarefa que falha' } },
      not: { ms: 2 * unitMs, is: { en: 'the others', pt: 'as outras' } },
      unitMs,
    }),
    equal({
      text: { en: 'the message that was caught', pt: 'a mensagem capturada' },
      expected: 'Something bad happened',
      measured: result?.message ?? null,
    }),
    equal({
      text: { en: 'the others still ran to the end', pt: 'mesmo assim, as outras rodaram até o fim' },
      expected: 9,
      measured: count(tasks, 'done'),
    }),
    whatArrives(result, configuration),
  ],
});

function whatArrives(caught: ResultOf<typeof code>, configuration: Configuration): Claim {
  const measured = [caught?.isBadThing ?? false, caught?.code ?? null];
  return isPool(configuration)
    ? equal({
        text: {
          en: 'it is a copy: is it still a BadThing, and what is its code?',
          pt: 'é uma cópia: ainda é um BadThing, e qual é o código?',
        },
        expected: [false, null],
        measured,
      })
    : equal({
        text: {
          en: 'it is the error that was thrown: is it a BadThing, and what is its code?',
          pt: 'é o próprio erro que foi lançado: é um BadThing, e qual é o código?',
        },
        expected: [true, 'BAD'],
        measured,
      });
}
