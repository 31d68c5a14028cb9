import { expect, it } from 'vitest';
import { checked } from '../../dist/src/lessons/checked-run.js';
import { equal, total, LONGEST_DELAY } from '../../dist/src/lessons/claims.js';

const claimsOf = (...delaysMs: readonly number[]) => ({
  claims: [
    total(12, 10, { ms: Math.max(...delaysMs), is: LONGEST_DELAY }),
    equal({ text: { en: 'the tasks', pt: 'as tarefas' }, expected: [...delaysMs], measured: [...delaysMs] }),
  ],
});

it('claims about the tasks of an experiment are checked', () => {
  expect(checked(() => claimsOf(10, 5), 'en').claims.map(({ pass }) => pass)).toEqual([true, true]);
});

it('an experiment that started no task is an error, not a claim about nothing', () => {
  expect(() => checked(() => claimsOf(), 'en')).toThrow('its experiment started no task that the claims are about');
  expect(() => checked(() => claimsOf(), 'pt')).toThrow('o experimento não iniciou nenhuma tarefa');
});

it('an experiment that returned something else is an error with its reason', () => {
  const check = (): never => {
    throw new TypeError('tasks is undefined');
  };
  expect(() => checked(check, 'en')).toThrow('its experiment did not return what the claims need (tasks is undefined)');
});
