import { basename } from 'node:path';
import { killAllMarked, MARK, removeFolder } from '../../workers/left-behind.ts';
import { tellGuard } from '../system/guard.ts';
import { makeScratch } from './scratch.ts';

/** What all hosts of a run share: a temporary folder and the mark by which whatever they start is found. */
export interface HostEnvironment {
  readonly env: Readonly<Record<string, string>>;
  /** The value of the mark. */
  readonly run: string;
  /** Kills whatever carries the mark, and removes the folder. */
  readonly close: () => void;
}

/** Cleared up whatever becomes of this process. @throws LanewiseError if there can be no temporary folder */
export async function openHostEnvironment(): Promise<HostEnvironment> {
  const scratch = await makeScratch('lanewise-');
  const run = basename(scratch);
  const clearUp = (): void => {
    killAllMarked(run);
    removeFolder(scratch);
  };
  process.on('exit', clearUp);
  tellGuard({ kind: 'opened', run, folder: scratch });
  return {
    env: { [MARK]: run, TMPDIR: scratch, TMP: scratch, TEMP: scratch },
    run,
    close: () => {
      process.off('exit', clearUp);
      clearUp();
      tellGuard({ kind: 'closed', run });
    },
  };
}
