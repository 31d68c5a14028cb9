import { readFileSync } from 'node:fs';
import { LanewiseError } from '../errors.ts';

/**
 * The inputs in a file, one for each task: a JSON list, or a JSON value a line (NDJSON, empty lines do not count).
 *
 * @throws LanewiseError if it cannot be read, or is neither
 */
export function readInputs(path: string): readonly unknown[] {
  const text = read(path).replace(/^\uFEFF/, '');
  const list = parsed(text);
  if (Array.isArray(list)) return list;
  const lines = text.split('\n').map((line, index) => ({ line: line.trim(), number: index + 1 }));
  return lines.flatMap(({ line, number }) => {
    if (line === '') return [];
    const value = parsed(line);
    if (value === undefined)
      throw new LanewiseError(
        'input',
        `${path} holds no inputs: line ${number} is not JSON. It must be a JSON list, or have one JSON value in each line.`,
      );
    return [value];
  });
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : String(code);
    throw new LanewiseError('input', `The inputs cannot be read from ${path}: ${why}.`, { cause });
  }
}

/** JSON has no undefined. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
