import { describe, expect, it } from 'vitest';
import { readInputs } from '../../dist/src/cli/read-inputs.js';
import { useTempFolder } from '../support/temp-folder.js';

const folder = useTempFolder();
const read = async (text: string) => readInputs(await folder.file('inputs', text));

describe('a file of inputs', () => {
  it('is a JSON list, or a JSON value a line', async () => {
    expect(await read('[{"n": 1}, 2, null]')).toEqual([{ n: 1 }, 2, null]);
    expect(await read('\uFEFF[1]\n')).toEqual([1]);
    expect(await read('{"n": 1}\r\n\n[2, 3]\n"x"\n')).toEqual([{ n: 1 }, [2, 3], 'x']);
    expect(await read('7')).toEqual([7]);
    expect(await read('')).toEqual([]);
  });

  it('is refused in a sentence that says where it is wrong', async () => {
    await expect(read('1\n{n}\n')).rejects.toThrow('line 2 is not JSON');
    expect(() => readInputs('missing.json')).toThrow(
      'The inputs cannot be read from missing.json: there is no such file.',
    );
    expect(() => readInputs(folder.path)).toThrow('it is a folder.');
  });
});
