import type { LoadCell } from '../../model/load.ts';
import { paragraph, type Block } from '../document.ts';
import { failureSentences } from '../names.ts';

/** Each error once, with all that had it: no table names a configuration that failed. */
export function failures(cells: readonly LoadCell[]): readonly Block[] {
  return failureSentences(cells.filter((cell) => cell.status === 'failed')).map((text) => paragraph(text, 'bad'));
}
