import { expect, it } from 'vitest';
import { missingIn } from '../../../scripts/build/check-release.ts';

const READY = {
  manifest: '{ "version": "1.0.0", "repository": { "url": "git+https://github.com/octo/measure.git" } }',
  lock: '{ "version": "1.0.0" }',
  changelog: '# Changelog\n\n## [1.0.0] - 2026-12-01\n\n## [0.9.0] - 2026-11-01\n',
  tag: 'v1.0.0',
};

it('a release with an address, a dated section and its own tag is ready, and needs no tag before it is tagged', () => {
  expect(missingIn(READY)).toEqual([]);
  expect(missingIn({ ...READY, tag: undefined })).toEqual([]);
});

it.each([
  ['the placeholder', { manifest: READY.manifest.replace('octo', 'OWNER') }, 'set-repository'],
  ['another version in the lock file', { lock: '{ "version": "0.9.0" }' }, 'package-lock.json'],
  ['no section of the version', { changelog: '## [0.9.0] - 2026-11-01\n' }, 'newest section of CHANGELOG.md is 0.9.0'],
  ['no changelog', { changelog: '' }, 'newest section of CHANGELOG.md is none'],
  ['a section without a date', { changelog: '## [1.0.0] - not yet\n' }, 'has no date'],
  ['a section without anything', { changelog: '## [1.0.0]\n' }, 'has no date'],
  ['another tag', { tag: '1.0.0' }, 'tag it v1.0.0'],
])('a release is refused for %s', (_what, changed, sentence) => {
  const missing = missingIn({ ...READY, ...changed });
  expect(missing).toHaveLength(1);
  expect(missing[0]).toContain(sentence);
});
