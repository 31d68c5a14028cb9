import { type Claim, equal, LONGEST_DELAY, THE_SUM, total } from '../claims.ts';
import { EVENT_LOOP, isPool, processes, threads } from '../configurations.ts';
import { experiment, type Setting } from '../lesson.ts';
import { secondsAsEnded, secondsOf, sum, timeInLanes } from '../tasks.ts';
import type { Evidence } from '../../model/lessons.ts';

export const gatherMany = experiment<void>({
  id: 'gather-many',
  origin: { en: 'In [5]', pt: 'In [5]' },
  title: { en: 'Ten tasks, gathered', pt: 'Dez tarefas, agrupadas' },
  idea: {
    en: 'Ten tasks are started and awaited together: asyncio.gather there, Promise.all here. All of them wait at the same time.',
    pt: 'Dez tarefas são iniciadas e aguardadas juntas: asyncio.gather lá, Promise.all aqui. Todas esperam ao mesmo tempo.',
  },
  tutorial: {
    en: 'The total is the longest of the ten random delays (5 s), not their sum, and the tasks finish in the order of their delays.',
    pt: 'O total é a maior das dez esperas aleatórias (5 s), e não a soma delas, e as tarefas terminam na ordem das esperas.',
  },
  differs: {
    en: 'In a pool with a concurrency of 1, a thread or process is occupied until its task is done, even if the task only waits: two workers have at most two of the ten tasks in flight. With all tasks at once, each worker has an event loop for its tasks, and the total is the longest delay again.',
    pt: 'Em um pool com concorrência 1, uma thread ou um processo fica ocupado até a tarefa terminar, mesmo que ela só espere: dois workers têm no máximo duas das dez tarefas em andamento. Com todas ao mesmo tempo, cada worker tem um event loop para as suas tarefas, e o total volta a ser a maior espera.',
  },
  configurations: [EVENT_LOOP, threads(2), threads(2, 'all'), processes(2), processes(2, 'all')],
  checkClaims: (evidence, setting) =>
    isPool(setting.configuration) && setting.configuration.concurrency === 1
      ? [inTwoLanes(evidence, setting)]
      : [longestNotSum(evidence, setting), inOrderOfDelays(evidence)],
});

/** They waited at the same time. */
export function longestNotSum({ totalMs, tasks }: Evidence<unknown>, { unitMs }: Setting): Claim {
  const seconds = secondsOf(tasks);
  return total(
    totalMs,
    unitMs,
    { ms: Math.max(...seconds) * unitMs, is: LONGEST_DELAY },
    { ms: sum(seconds) * unitMs, is: THE_SUM },
  );
}

function inOrderOfDelays({ tasks }: Evidence<void>): Claim {
  return equal({
    text: {
      en: 'the tasks finished in the order of their delays (in seconds)',
      pt: 'as tarefas terminaram na ordem das esperas (em segundos)',
    },
    expected: secondsOf(tasks).toSorted((a, b) => a - b),
    measured: secondsAsEnded(tasks),
  });
}

function inTwoLanes({ totalMs, tasks }: Evidence<void>, { configuration, unitMs }: Setting): Claim {
  const seconds = secondsOf(tasks);
  const expected = timeInLanes(seconds, configuration.poolSize);
  const longest = Math.max(...seconds);
  const is = { en: 'two workers, one task at a time each', pt: 'dois workers, uma tarefa por vez em cada' };
  // Rarely, one delay is as long as all of the others together.
  const not = longest < expected ? { ms: longest * unitMs, is: LONGEST_DELAY } : undefined;
  return total(totalMs, unitMs, { ms: expected * unitMs, is }, not);
}
