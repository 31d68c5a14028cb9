import { afterEach, describe, expect, it, vi } from 'vitest';
import { memoryOf } from '../../dist/src/host/memory.js';
import { namesIn, statOf, textOf } from '../../dist/workers/system-files.js';

afterEach(() => vi.restoreAllMocks());

describe.runIf(process.platform === 'linux')('files of the system', () => {
  it('are read where the system has them', async () => {
    expect(textOf('/proc/self/status')).toContain('Pid:');
    expect(namesIn('/proc')).toContain(String(process.pid));
    expect(statOf('self')[0]).toMatch(/^[RS]$/);
    expect(await memoryOf([process.pid])).toBeGreaterThan(0);
  });

  it('are never read on Windows, where any user may have created such files', async () => {
    vi.spyOn(process, 'platform', 'get').mockReturnValue('win32');
    expect(textOf('/proc/self/status')).toBe('');
    expect(namesIn('/proc')).toEqual([]);
    expect(statOf('self')[0]).toBe('');
    expect(await memoryOf([process.pid])).toBeUndefined();
  });
});
