import { json, type Lines } from './code-text.ts';
import type { Deployment } from './deployment.ts';
import { importLines, type ModuleLines } from './import-lines.ts';

/** The measured batch: its number of tasks and its params. */
interface Batch {
  readonly tasks: number;
  readonly params: Readonly<Record<string, unknown>>;
}

/** Longer texts are no use to read or paste. */
const LONGEST_INPUTS = 1500;
/** Number of inputs shown. */
const MOST_INPUTS = 3;

/** Binds `inputs`, and `workload` if its definition is needed. */
export function inputLines(where: Deployment, { tasks, params }: Batch, isMoving: boolean): ModuleLines {
  const { definition, format } = where;
  const makesInputs = definition?.makesInputs === true;
  const isNeeded = makesInputs || (isMoving && definition?.transfers === true);
  const { top, body } = isNeeded ? importLines('workload', where, format) : { top: [], body: [] };
  return { top, body: [...body, ...(makesInputs ? madeInputs(tasks, params) : givenInputs(where))] };
}

function madeInputs(tasks: number, params: Batch['params']): Lines {
  return [
    `const params = ${json(params) ?? '{}'};`,
    'const { random } = Math;',
    'const inputs = [];',
    `for (let index = 0; index < ${tasks}; index++)`,
    '  inputs.push(await workload.input({ index, params, random }));',
  ];
}

function givenInputs({ inputs }: Deployment): Lines {
  if (inputs === undefined) return ['const inputs = [undefined]; // replace with your own'];
  const shown = json(inputs.slice(0, MOST_INPUTS));
  const more = inputs.length > MOST_INPUTS ? `the first ${MOST_INPUTS} of ${inputs.length}; ` : '';
  if (shown === undefined) return ['const inputs = []; // replace with your own'];
  if (shown.length > LONGEST_INPUTS) return ['const inputs = []; // too long to be shown: put in your own'];
  return [`const inputs = ${shown}; // ${more}replace with your own`];
}
