import { LanewiseError } from '../model/errors.ts';

/** The folder that relative paths are seen from, now. @throws LanewiseError if it has been deleted, or may not be asked for */
export function workingFolder(): string {
  try {
    return process.cwd();
  } catch (cause) {
    throw new LanewiseError(
      'usage',
      'The folder that Lanewise was started in does not exist any more, or cannot be read: change to another one.',
      { cause },
    );
  }
}
