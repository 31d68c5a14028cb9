import type { LoadCell } from '../../model/load.ts';
import { paragraph, type Block } from '../document.ts';
import { configurationName, differentFailures, failureSentence, isUnequal } from '../names.ts';
import { listed } from '../numbers.ts';

/** Each error once, with all that had it: no table names a configuration that failed. */
export function failures(cells: readonly LoadCell[]): readonly Block[] {
  const failed = cells.filter((cell) => cell.status === 'failed');
  return differentFailures(failed).map((cell) => {
    const others = failed.filter((one) => one !== cell && one.error.message === cell.error.message);
    // All of them have different results, not the others the same.
    const sentence = failureSentence(cell);
    if (others.length === 0 || isUnequal(cell)) return paragraph(sentence, 'bad');
    const names = listed(others.map(configurationName), others.length);
    return paragraph(`${sentence.replace(/\.$/, '')}. So did ${names}`, 'bad');
  });
}
