import type { Results } from '../model/results.ts';

export function renderJson(results: Results): string {
  return `${JSON.stringify(results, undefined, 2)}\n`;
}
