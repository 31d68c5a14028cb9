import { colorPaint, plainPaint, wantsColor, type Paint } from '../report/paint.ts';

/** `--color` and `--no-color` win over the environment, the environment over what stdout is. */
export function paintFor({ color }: { readonly color?: boolean }, stream: NodeJS.WriteStream): Paint {
  const isWanted = color ?? wantsColor({ isTty: stream.isTTY, env: process.env });
  return isWanted ? colorPaint : plainPaint;
}
