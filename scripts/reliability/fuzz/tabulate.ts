import { markdownTable } from 'markdown-table';
import { madeBy } from '../../docs/made-by.ts';
import type { Fuzzed } from '../fuzz.ts';

export function tabulateFuzz(
  { counts, findings }: Fuzzed,
  head: { readonly minutes: number; readonly seed: number },
): string {
  const rows = counts.map(({ target, inputs, accepted, refused, slowestMs }) => [
    target,
    String(inputs),
    String(accepted),
    String(refused),
    `${Math.round(slowestMs)} ms`,
    String(findings.filter((finding) => finding.target === target).length),
  ]);
  const heads = [
    'what is read',
    'inputs',
    'calls with a value',
    'calls with a sentence',
    'longest call (CPU)',
    'rules broken',
  ];
  const table = markdownTable([heads, ...rows], { align: ['left', ...heads.slice(1).map(() => 'right')] });
  return `${madeBy(`npm run fuzz -- --minutes ${head.minutes} --seed ${head.seed}`)}\n\n${table}`;
}
