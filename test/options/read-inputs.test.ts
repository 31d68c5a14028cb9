import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readInputs } from '../../dist/src/options/read-inputs.js';
import { useTempFolder } from '../support/temp-folder.js';

const folder = useTempFolder();
const read = async (name: string, text: string) => readInputs(await folder.file(name, text));

describe('a file of inputs', () => {
  it.each(['rows.ndjson', 'rows.jsonl', 'ROWS.NDJSON'])(
    'a file of inputs called %s always has a value per line',
    async (name) => {
      expect(await read(name, '[3, 5, 8]\n')).toEqual([[3, 5, 8]]);
      expect(await read(name, '[3, 5, 8]\n[1, 1, 2]')).toEqual([
        [3, 5, 8],
        [1, 1, 2],
      ]);
      expect(await read(name, '\uFEFF{"n": 1}\r\n\r\n[2, 3]\r\n"x"\r\n\r\n')).toEqual([{ n: 1 }, [2, 3], 'x']);
      expect(await read(name, 'null\nfalse\n0\n')).toEqual([null, false, 0]);
      expect(await read(name, '')).toEqual([]);
      await expect(read(name, '[\n  1,\n  2\n]\n')).rejects.toThrow(
        /: line 1 is not JSON, or was truncated.*\. Write each input on one line, or name a JSON list \.json\.$/,
      );
    },
  );

  it('a file of inputs called .json must contain a list', async () => {
    expect(await read('rows.json', '\uFEFF[{"n": 1}, 2, null]\n')).toEqual([{ n: 1 }, 2, null]);
    expect(await read('rows.json', '[[3, 5, 8]]')).toEqual([[3, 5, 8]]);
    expect(await read('rows.JSON', '[\n1,\n2\n]')).toEqual([1, 2]);
    await expect(read('rows.json', '{"n": 1}')).rejects.toThrow(
      'rows.json: expected a list of inputs, and this is an object. Put them in [ ]; a file with a value per line ends in .ndjson.',
    );
    await expect(read('rows.json', '7')).rejects.toThrow('and this is a number.');
    await expect(read('rows.json', '1\n2\n')).rejects.toThrow('and this is not JSON, or was truncated');
  });

  it('a file of inputs with another extension has the format of its content, and is refused if ambiguous', async () => {
    expect(await read('rows', '[\n1,\n2\n]')).toEqual([1, 2]);
    expect(await read('rows.txt', '{"n": 1}\n[2, 3]\n')).toEqual([{ n: 1 }, [2, 3]]);
    expect(await read('rows', '7')).toEqual([7]);
    await expect(read('rows', '[3, 5, 8]\n')).rejects.toThrow(
      'rows could be one input that is a list, or a list of 3 inputs. Name it .ndjson for the first, .json for the second.',
    );
    await expect(read('rows.txt', '1\n{n}\n')).rejects.toThrow('line 2 is not JSON');
  });

  it('a file of inputs may be UTF-16 with a byte-order mark, as from PowerShell', async () => {
    const path = join(folder.path, 'wide.ndjson');
    await writeFile(path, Buffer.from('\uFEFF{"s": "ü"}\r\n[1]\r\n', 'utf16le'));
    expect(readInputs(path)).toEqual([{ s: 'ü' }, [1]]);
  });

  it('a file of inputs with more inputs than a batch can have tasks is refused without reading the rest', async () => {
    const path = await folder.file('many.ndjson', '0\n'.repeat(1_000_001));
    expect(() => readInputs(path)).toThrow(/many\.ndjson: a batch has at most 1000000 tasks/);
  });

  it('a file of inputs that cannot be read is refused in a sentence', () => {
    expect(() => readInputs('missing.json')).toThrow(
      'Cannot read missing.json: there is no such file. Give a file with an input for each task.',
    );
    expect(() => readInputs(folder.path)).toThrow('it is a folder.');
  });
});
