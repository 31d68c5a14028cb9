import type { Results } from '../model.ts';

export function renderJson(results: Results): string {
  return `${JSON.stringify(results, undefined, 2)}\n`;
}
