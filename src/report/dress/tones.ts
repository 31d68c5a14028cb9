import { styleText } from 'node:util';
import type { ShownVerdict } from '../../stats/compare.ts';
import type { Tone } from '../document.ts';

/** Colours of the tones in a terminal. */
export const STYLES: Readonly<Record<Tone, Style>> = {
  strong: 'bold',
  quiet: 'dim',
  good: 'green',
  bad: 'red',
  unsure: 'yellow',
};

/** The mark before an item of a list, so that it does not depend on colours. */
export function markOf(tone: Tone | undefined): '✓' | '✗' | undefined {
  return tone === 'good' ? '✓' : tone === 'bad' ? '✗' : undefined;
}

export type Style = 'bold' | 'dim' | 'green' | 'red' | 'yellow';
export type Paint = (style: Style, text: string) => string;

export const plainPaint: Paint = (_style, text) => text;

/** Always colours: {@link wantsColor} decides whether to use it. */
export const colorPaint: Paint = (style, text) => styleText(style, text, { validateStream: false });

export interface ColorChoice {
  readonly isTty: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** NO_COLOR (https://no-color.org) wins over FORCE_COLOR, which wins over the kind of stream. */
export function wantsColor({ isTty, env }: ColorChoice): boolean {
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false;
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false';
  return isTty && env.TERM !== 'dumb';
}

/** Tones of the verdicts. */
export const VERDICT_TONES: Readonly<Record<ShownVerdict, Tone>> = {
  faster: 'good',
  slower: 'bad',
  'slightly faster': 'quiet',
  'slightly slower': 'quiet',
  same: 'quiet',
  inconclusive: 'unsure',
};

/** Chooses the paint: `--color` and `--no-color` win over the environment, which wins over the kind of stream. */
export function paintFor({ color }: { readonly color?: boolean }, stream: NodeJS.WriteStream): Paint {
  const isWanted = color ?? wantsColor({ isTty: stream.isTTY, env: process.env });
  return isWanted ? colorPaint : plainPaint;
}
