import type { LaneError } from './contract.ts';

/** Longer texts are cut: an error travels in messages and is printed on a screen. */
const TEXT_LIMIT = 2000;

/** Anything that was thrown, as plain text that survives every boundary, whatever its getters do. */
export function describeError(thrown: unknown): LaneError {
  try {
    if (thrown instanceof Error) {
      const { name, message, stack } = thrown;
      const error = { name: text(name), message: text(message) };
      return typeof stack === 'string' ? { ...error, stack: text(stack) } : error;
    }
    return {
      name: 'Thrown',
      message: `the task threw ${typeof thrown === 'string' ? JSON.stringify(text(thrown)) : text(String(thrown))}, which is not an Error`,
    };
  } catch {
    return { name: 'Thrown', message: 'the task threw a value that cannot be read' };
  }
}

function text(value: unknown): string {
  return String(value).slice(0, TEXT_LIMIT);
}
