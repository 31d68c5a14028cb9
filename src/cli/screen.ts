import type { Args } from '../options/args.ts';
import { colorPaint, plainPaint, wantsColor, type Paint } from '../report/paint.ts';

/** `--color` and `--no-color` win over the environment, the environment over what stdout is. */
export function paintFor(args: Args, stream: NodeJS.WriteStream): Paint {
  const isWanted = typeof args.color === 'boolean' ? args.color : wantsColor({ isTty: stream.isTTY, env: process.env });
  return isWanted ? colorPaint : plainPaint;
}
