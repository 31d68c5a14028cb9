import type { Evidence } from '../../model/lessons.ts';
import { atMost, near, type Claim } from '../claims.ts';
import { EVENT_LOOP, isPool, processes, threads } from '../configurations.ts';
import { experiment, type Setting } from '../lesson.ts';
import { phaseOf } from '../tasks.ts';
import type { Text } from '../../model/language.ts';

const ONE: Text = { en: 'one sleep', pt: 'uma espera' };
const THREE: Text = { en: 'three sleeps', pt: 'três esperas' };
const NONE: Text = { en: 'none', pt: 'nenhum' };

export const blockingSleep = experiment<void>({
  id: 'blocking-sleep',
  origin: { en: 'text: time.sleep', pt: 'texto: time.sleep' },
  title: { en: 'A blocking sleep in an async function', pt: 'Uma espera bloqueante em uma função async' },
  idea: {
    en: 'A sleep that blocks the thread keeps the event loop from everything else: until it ends, no other task runs, no timer fires, and no request is answered.',
    pt: 'Uma espera que bloqueia a thread impede o event loop de fazer qualquer outra coisa: até ela acabar, nenhuma outra tarefa roda, nenhum timer dispara e nenhuma requisição é respondida.',
  },
  tutorial: {
    en: 'time.sleep blocks in an async function, so the coroutines run one after another; the remedy is asyncio.sleep.',
    pt: 'time.sleep bloqueia dentro de uma função async, e as corrotinas rodam uma depois da outra; a solução é asyncio.sleep.',
  },
  differs: {
    en: 'The three are called in one go, so the loop is blocked for all three sleeps, not just one: a timer that comes due waits for all of them. In a thread or process of its own, a sleep blocks nobody else.',
    pt: 'As três são chamadas de uma vez, então o loop fica bloqueado durante as três esperas, e não só uma: um timer que vence nesse meio-tempo espera por todas. Em uma thread ou processo só dela, uma espera não bloqueia mais ninguém.',
  },
  configurations: [EVENT_LOOP, threads(3), processes(3)],
  checkClaims: (evidence, setting) => [
    total(evidence, setting, 'three that wait', 1),
    ...(isPool(setting.configuration)
      ? [total(evidence, setting, 'three that block', 1), undelayed(evidence, setting, 'three that block')]
      : [
          undelayed(evidence, setting, 'three that wait'),
          delayed(evidence, setting, 'one that blocks', 1),
          total(evidence, setting, 'three that block', 3),
          delayed(evidence, setting, 'three that block', 3),
        ]),
  ],
});

const NAMES = {
  'three that wait': { en: 'three that wait', pt: 'três que esperam' },
  'one that blocks': { en: 'one that blocks', pt: 'uma que bloqueia' },
  'three that block': { en: 'three that block', pt: 'três que bloqueiam' },
} as const satisfies Record<string, Text>;

type PhaseName = keyof typeof NAMES;

function total(evidence: Evidence<void>, { unitMs }: Setting, phase: PhaseName, sleeps: 1 | 3): Claim {
  const slept = { 1: { ms: unitMs, is: ONE }, 3: { ms: 3 * unitMs, is: THREE } };
  return near({
    what: { en: `${NAMES[phase].en}: the total`, pt: `${NAMES[phase].pt}: o total` },
    measuredMs: phaseOf(evidence, phase).totalMs,
    expected: slept[sleeps],
    not: slept[sleeps === 1 ? 3 : 1],
    unitMs,
  });
}

function delayed(evidence: Evidence<void>, { unitMs }: Setting, phase: PhaseName, sleeps: 1 | 3): Claim {
  return near({
    what: { en: `${NAMES[phase].en}: the event-loop delay`, pt: `${NAMES[phase].pt}: o atraso do event loop` },
    measuredMs: phaseOf(evidence, phase).loopDelayMs,
    expected: { ms: sleeps * unitMs, is: sleeps === 1 ? ONE : THREE },
    not: { ms: 0, is: NONE },
    unitMs,
  });
}

function undelayed(evidence: Evidence<void>, { unitMs }: Setting, phase: PhaseName): Claim {
  return atMost({
    text: {
      en: `${NAMES[phase].en}: the event loop was delayed by at most half a sleep`,
      pt: `${NAMES[phase].pt}: o event loop atrasou no máximo meia espera`,
    },
    limit: unitMs / 2,
    measured: phaseOf(evidence, phase).loopDelayMs,
    unit: 'ms',
  });
}
