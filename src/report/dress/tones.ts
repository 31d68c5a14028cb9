import { styleText } from 'node:util';
import type { Verdict } from '../../model/results.ts';
import type { Tone } from '../document.ts';

/** How a tone is coloured in a terminal. */
export const STYLES: Readonly<Record<Tone, Style>> = {
  strong: 'bold',
  quiet: 'dim',
  good: 'green',
  bad: 'red',
  unsure: 'yellow',
};

/** What stands before an item of a list, so that no colour is needed. */
export function markOf(tone: Tone | undefined): '✓' | '✗' | undefined {
  return tone === 'good' ? '✓' : tone === 'bad' ? '✗' : undefined;
}

export type Style = 'bold' | 'dim' | 'green' | 'red' | 'yellow';
export type Paint = (style: Style, text: string) => string;

export const plainPaint: Paint = (_style, text) => text;

/** Colours whatever it is given: whether there are to be colours is decided once, by {@link wantsColor}. */
export const colorPaint: Paint = (style, text) => styleText(style, text, { validateStream: false });

export interface ColorChoice {
  readonly isTty: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** NO_COLOR (https://no-color.org) wins over FORCE_COLOR, which wins over what the stream is. */
export function wantsColor({ isTty, env }: ColorChoice): boolean {
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false;
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false';
  return isTty && env.TERM !== 'dumb';
}

/** What is thought of a verdict, wherever it is told. */
export const VERDICT_TONES: Readonly<Record<Verdict, Tone>> = {
  faster: 'good',
  slower: 'bad',
  same: 'quiet',
  inconclusive: 'unsure',
};

/** `--color` and `--no-color` win over the environment, the environment over what stdout is. */
export function paintFor({ color }: { readonly color?: boolean }, stream: NodeJS.WriteStream): Paint {
  const isWanted = color ?? wantsColor({ isTty: stream.isTTY, env: process.env });
  return isWanted ? colorPaint : plainPaint;
}
