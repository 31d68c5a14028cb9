import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { LanewiseError } from '../model/errors.ts';

/**
 * Reads a file of inputs, one for each task. Its name says what it holds: `.ndjson` and `.jsonl` a JSON value in each line, `.json` a JSON list. No
 * text is a value a line and a list with the same meaning, so a file of another name may be only one of the two.
 *
 * @throws LanewiseError if it cannot be read, or does not hold what it should
 */
export function readInputs(path: string): readonly unknown[] {
  const text = read(path);
  switch (extname(path).toLowerCase()) {
    case '.ndjson':
    case '.jsonl':
      return valuesOfLines(path, text, `Write each input on one line, or call a JSON list .json.`);
    case '.json':
      return listIn(path, text);
    default:
      return valuesIn(path, text);
  }
}

function listIn(path: string, text: string): readonly unknown[] {
  const { value, problem } = parse(text);
  if (Array.isArray(value)) return value;
  const why = problem === undefined ? `and this is ${kindOf(value)}` : `and this is not JSON (${problem})`;
  throw new LanewiseError(
    'input',
    `${path}: a .json file of inputs must hold a list, ${why}. Put the inputs in [ ], or call a file with a value in each line .ndjson.`,
  );
}

function valuesOfLines(path: string, text: string, remedy: string): readonly unknown[] {
  return linesOf(text).map(({ line, number }) => {
    const { value, problem } = parse(line);
    if (problem === undefined) return value;
    throw new LanewiseError('input', `${path}: line ${number} is not JSON (${problem}). ${remedy}`);
  });
}

/** @throws LanewiseError also for a list in one line, which is either */
function valuesIn(path: string, text: string): readonly unknown[] {
  const { value } = parse(text);
  if (!Array.isArray(value))
    return valuesOfLines(path, text, 'The file must hold a JSON value in each line, or a JSON list.');
  if (linesOf(text).length > 1) return value;
  throw new LanewiseError(
    'input',
    `${path} may be one input that is a list, or a list of ${value.length} inputs: call it .ndjson for the one, .json for the other.`,
  );
}

/** Those with something in them. */
function linesOf(text: string): readonly { readonly line: string; readonly number: number }[] {
  const lines = text.split('\n').map((line, index) => ({ line: line.trim(), number: index + 1 }));
  return lines.filter(({ line }) => line !== '');
}

function read(path: string): string {
  try {
    const bytes = readFileSync(path);
    // What PowerShell 5 redirects to a file is UTF-16. A decoder leaves out the mark at the beginning.
    const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
    return new TextDecoder(isUtf16 ? 'utf-16le' : 'utf-8').decode(bytes);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : String(code);
    throw new LanewiseError('input', `The inputs cannot be read from ${path}: ${why}.`, { cause });
  }
}

function parse(text: string): { readonly value?: unknown; readonly problem?: string } {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch (thrown) {
    return { problem: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
