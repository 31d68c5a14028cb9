import { extname } from 'node:path';
import { LanewiseError } from '../model/errors.ts';
import { MOST_TASKS } from '../model/evidence.ts';
import { parseJson, readForeign } from '../system/foreign-file.ts';

/** Error for more inputs than a batch can have tasks. */
export function tooManyInputs(where: string): LanewiseError {
  return new LanewiseError(
    'usage',
    `${where}: a batch has at most ${MOST_TASKS} tasks, and there are more inputs. Give fewer.`,
  );
}

/**
 * Reads a file of inputs, one for each task. The extension decides its format: `.ndjson` and `.jsonl` have a JSON value
 * per line, `.json` has a JSON list. With any other extension the content must be unambiguous.
 *
 * @throws LanewiseError if it cannot be read, or has another format
 */
export function readInputs(path: string): readonly unknown[] {
  const text = read(path);
  switch (extname(path).toLowerCase()) {
    case '.ndjson':
    case '.jsonl':
      return valuesOfLines(path, text, `Write each input on one line, or name a JSON list .json.`);
    case '.json':
      return listIn(path, text);
    default:
      return valuesIn(path, text);
  }
}

function listIn(path: string, text: string): readonly unknown[] {
  const parsed = parseJson(text);
  if ('value' in parsed && Array.isArray(parsed.value)) return parsed.value;
  const why = 'value' in parsed ? `and this is ${kindOf(parsed.value)}` : `and this ${parsed.problem}`;
  throw new LanewiseError(
    'input',
    `${path}: expected a list of inputs, ${why}. Put them in [ ]; a file with a value per line ends in .ndjson.`,
  );
}

function valuesOfLines(path: string, text: string, remedy: string): readonly unknown[] {
  const values: unknown[] = [];
  for (const { line, number } of linesOf(text)) {
    const parsed = parseJson(line);
    if ('problem' in parsed) throw new LanewiseError('input', `${path}: line ${number} ${parsed.problem}. ${remedy}`);
    if (values.push(parsed.value) > MOST_TASKS) throw tooManyInputs(path);
  }
  return values;
}

/**
 * Inputs in a file without a known extension.
 *
 * @throws LanewiseError also for a list on one line, which could be either
 */
function valuesIn(path: string, text: string): readonly unknown[] {
  const parsed = parseJson(text);
  if (!('value' in parsed && Array.isArray(parsed.value)))
    return valuesOfLines(path, text, 'The file must contain a JSON value per line, or a JSON list.');
  const { value } = parsed;
  if (text.trim().includes('\n')) return value;
  throw new LanewiseError(
    'input',
    `${path} could be one input that is a list, or a list of ${value.length} inputs. Name it .ndjson for the first, .json for the second.`,
  );
}

/** Lines that are not blank. */
function* linesOf(text: string): Generator<{ readonly line: string; readonly number: number }> {
  let number = 1;
  for (let at = 0; at < text.length; number += 1) {
    const end = text.indexOf('\n', at);
    const line = text.slice(at, end === -1 ? text.length : end).trim();
    if (line !== '') yield { line, number };
    at = end === -1 ? text.length : end + 1;
  }
}

function read(path: string): string {
  const bytes = readForeign(path, 'Give a file with an input for each task.');
  // PowerShell 5 redirects output as UTF-16. A decoder removes the byte-order mark.
  const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  return new TextDecoder(isUtf16 ? 'utf-16le' : 'utf-8').decode(bytes);
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
