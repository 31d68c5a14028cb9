import type { Plan } from '../model/plan.ts';
import type { Warning } from '../model/results.ts';
import { warningText } from '../report/warning-text.ts';

/** What is worth stopping for, to mend it and begin anew; all else can wait for the report. */
const FORETOLD: ReadonlySet<Warning['kind']> = new Set(['little-memory', 'withheld-flags', 'measured-tools']);

/** Notes the warnings that are known before anything is measured. */
export function noteForetold({ warnings }: Pick<Plan, 'warnings'>, note: (text: string) => void): void {
  for (const warning of warnings.filter(({ kind }) => FORETOLD.has(kind))) note(`Warning: ${warningText(warning)}`);
}
