import { expect, it } from 'vitest';
import { titlesOf } from '../../dist/src/stats/groups.js';

it('the titles of a scan name its params in one order, whichever of them have their default', () => {
  // The defaults are bytes=64 and api=sync, which ids, and so the stored titles, leave out.
  const titles = titlesOf([
    { name: 'gzip', params: { api: 'sync', bytes: 64 }, title: 'gzip' },
    { name: 'gzip', params: { api: 'sync', bytes: 128 }, title: 'gzip[bytes=128]' },
    { name: 'gzip', params: { api: 'async', bytes: 64 }, title: 'gzip[api=async]' },
    { name: 'gzip', params: { api: 'async', bytes: 128 }, title: 'gzip[api=async,bytes=128]' },
  ]);
  expect(titles).toEqual([
    'gzip[api=sync,bytes=64]',
    'gzip[api=sync,bytes=128]',
    'gzip[api=async,bytes=64]',
    'gzip[api=async,bytes=128]',
  ]);
});

it('what all have in common is named only if it is no default', () => {
  const titles = titlesOf([
    { name: 'gzip', params: { level: 9, api: 'sync', bytes: 64 }, title: 'gzip[level=9]' },
    { name: 'gzip', params: { level: 9, api: 'sync', bytes: 128 }, title: 'gzip[level=9,bytes=128]' },
  ]);
  expect(titles).toEqual(['gzip[level=9,bytes=64]', 'gzip[level=9,bytes=128]']);
});
