import { withoutOwnFolders } from '../../workers/describe-error.ts';

/**
 * The same value with the user's own folders taken out of every text: a param or a message may hold a path, and results are
 * passed on. The same text is changed in the same way wherever it stands, so that ids still belong together.
 */
export function withoutFolders<Value>(value: Value): Value {
  if (typeof value === 'string') return withoutOwnFolders(value) as Value & string;
  if (Array.isArray(value)) return value.map(withoutFolders) as Value & unknown[];
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutFolders(item)])) as Value & object;
}
