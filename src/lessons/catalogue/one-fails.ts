import type code from '../../../bench/lessons/one-fails.ts';
import type { ResultOf } from '../../../workers/lesson-code.ts';
import { equal, near, type Claim } from '../claims.ts';
import { EVENT_LOOP, experiment, isPool, processes, threads, type Way } from '../lesson.ts';
import { count } from '../tasks.ts';

export const oneFails = experiment<ResultOf<typeof code>>({
  id: 'one-fails',
  origin: { en: 'In [19]', pt: 'In [19]' },
  title: { en: 'One task fails', pt: 'Uma tarefa falha' },
  idea: {
    en: 'A group fails with the first of its tasks that fails, and at that moment. Nobody tells the other tasks: they run to their end, and their results are lost.',
    pt: 'Um grupo falha com a primeira das suas tarefas que falha, e nesse momento. Ninguém avisa as outras tarefas: elas executam até o fim, e os seus resultados se perdem.',
  },
  tutorial: {
    en: 'Of ten tasks the first raises an exception after a second, which is caught where the group is awaited: "Something bad happened", "main done 1 second".',
    pt: 'De dez tarefas a primeira lança uma exceção após um segundo, que é capturada onde o grupo é aguardado: "Something bad happened", "main done 1 second".',
  },
  differs: {
    en: 'Here the other nine wait two seconds, to show that they are not stopped. From a pool, an error comes across a boundary: what is caught is a copy, which has kept its message, and lost the class of our own and its code.',
    pt: 'Aqui as outras nove esperam dois segundos, para mostrar que não são paradas. De um pool, um erro atravessa uma fronteira: o que se captura é uma cópia, que manteve a mensagem, e perdeu a nossa classe e o código.',
  },
  ways: [EVENT_LOOP, threads(2, 'all'), processes(2, 'all')],
  judge: ({ result, tasks, totalMs }, { way, unitMs }) => [
    near({
      what: { en: 'the time until the group failed', pt: 'o tempo até o grupo falhar' },
      measuredMs: totalMs,
      expected: { ms: unitMs, is: { en: 'the failing task', pt: 'a tarefa que falha' } },
      not: { ms: 2 * unitMs, is: { en: 'the others', pt: 'as outras' } },
      unitMs,
    }),
    equal({
      text: { en: 'what was caught says', pt: 'o que foi capturado diz' },
      expected: 'Something bad happened',
      measured: result?.message ?? null,
    }),
    equal({
      text: { en: 'the others still ran to their end', pt: 'as outras ainda executaram até o fim' },
      expected: 9,
      measured: count(tasks, 'done'),
    }),
    whatArrives(result, way),
  ],
});

function whatArrives(caught: ResultOf<typeof code>, way: Way): Claim {
  const measured = [caught?.isBadThing ?? false, caught?.code ?? null];
  return isPool(way)
    ? equal({
        text: {
          en: 'it is a copy: is it still a BadThing, and what is its code?',
          pt: 'é uma cópia: ainda é um BadThing, e qual é o seu código?',
        },
        expected: [false, null],
        measured,
      })
    : equal({
        text: {
          en: 'it is the very error that was thrown: is it a BadThing, and what is its code?',
          pt: 'é o próprio erro que foi lançado: é um BadThing, e qual é o seu código?',
        },
        expected: [true, 'BAD'],
        measured,
      });
}
