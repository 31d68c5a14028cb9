import { expect, it } from 'vitest';
import { meanWorker, timeCosts } from '../../dist/src/stats/time-costs.js';
import { profiledWorker } from '../support/profile.js';

const main = (parts: Parameters<typeof profiledWorker>[1]) => profiledWorker('main', parts);
const thread = (parts: Parameters<typeof profiledWorker>[1]) => profiledWorker('thread', parts);

it('a cost of time is named from a fifth of it on, where its share is larger', () => {
  const small = [main({ idle: 0.5 }), thread({ serialization: 0.19, gc: 0.19 })];
  expect(timeCosts({ workers: small })).toEqual([]);
  const large = [main({ serialization: 0.6, idle: 0.4 }), thread({ serialization: 0.3, gc: 0.2 })];
  expect(timeCosts({ workers: large })).toEqual([
    { kind: 'serialization', on: 'main', share: 0.6 },
    { kind: 'gc', on: 'workers', share: 0.2 },
  ]);
});

it('garbage collection is a cost only if it is one without the profiler, too', () => {
  const collecting = (gcShare: number | null) => [{ ...main({ gc: 0.32 }), gcShare }];
  expect(timeCosts({ workers: collecting(0.03) })).toEqual([]);
  expect(timeCosts({ workers: collecting(0.25) })).toEqual([{ kind: 'gc', on: 'main', share: 0.25 }]);
  expect(timeCosts({ workers: collecting(null) })).toEqual([{ kind: 'gc', on: 'main', share: 0.32 }]);
});

it('workers that wait while the main thread is busy wait for it', () => {
  const workers = [main({ idle: 0.1 }), thread({ idle: 0.4 }), thread({ idle: 0.8 })];
  expect(timeCosts({ workers })).toEqual([{ kind: 'main-busy', idle: expect.closeTo(0.6), busy: 0.9 }]);
});

it('work waits if all threads wait, and the event loop alone too', () => {
  expect(timeCosts({ workers: [main({ idle: 0.95 }), thread({ idle: 0.9 })] })).toEqual([
    { kind: 'waiting', share: 0.9 },
  ]);
  expect(timeCosts({ workers: [main({ idle: 0.95 })] })).toEqual([{ kind: 'waiting', share: 0.95 }]);
});

it('nothing is concluded where a worker has no profile', () => {
  expect(timeCosts({ workers: [main({ serialization: 1 }), { ...thread({}), parts: null }] })).toEqual([]);
  expect(timeCosts({ workers: [] })).toEqual([]);
});

it('the mean of workers is not measured where one of them was not', () => {
  const [one, other] = [thread({ own: 1 }), { ...thread({ own: 0.5, idle: 0.5 }), loopUtilization: 0.5, gcShare: 0.1 }];
  expect(meanWorker([one, other])).toEqual({
    parts: { own: 0.75, serialization: 0, gc: 0, idle: 0.25, other: 0 },
    loopUtilization: null,
    gcShare: 0.05,
  });
});
