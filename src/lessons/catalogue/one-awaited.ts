import { total } from '../claims.ts';
import { EVENT_LOOP } from '../configurations.ts';
import { experiment } from '../lesson.ts';
import { secondsOf, sum } from '../tasks.ts';

export const oneAwaited = experiment<void>({
  id: 'one-awaited',
  origin: { en: 'In [3]', pt: 'In [3]' },
  title: { en: 'One coroutine, awaited', pt: 'Uma corrotina, aguardada' },
  idea: {
    en: 'A coroutine that waits costs the time it waits, and no more. Meanwhile the event loop is free: nothing runs.',
    pt: 'Uma corrotina que espera custa o tempo da espera, e nada mais. Enquanto isso, o event loop está livre: nada roda.',
  },
  tutorial: {
    en: 'The random delay of the one task is the time of the whole program ("tempo decorrido: 4", "4 segundos").',
    pt: 'A espera aleatória da única tarefa é o tempo do programa inteiro ("tempo decorrido: 4", "4 segundos").',
  },
  configurations: [EVENT_LOOP],
  checkClaims: ({ totalMs, tasks }, { unitMs }) => [
    total(totalMs, unitMs, { ms: sum(secondsOf(tasks)) * unitMs, is: { en: 'its delay', pt: 'a espera dela' } }),
  ],
});
