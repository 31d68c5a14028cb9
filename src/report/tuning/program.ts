import { traitsOf } from '../../model/strategies.ts';
import { indented, type Lines } from './code-text.ts';
import type { Deployment, MeasuredWith, Setting } from './deployment.ts';
import { importLines } from './import-lines.ts';
import { fileOptions, piscina, processPool, type Pool } from './pool-code.ts';
import { workerModule } from './worker-file.ts';

/** The parts of a program that runs a list of inputs. */
export interface Program {
  readonly install?: string;
  readonly imports: Lines;
  /** Made before the inputs are run: a pool or a function. */
  readonly make: Lines;
  /** The call for `input`. */
  readonly call: string;
  /** Undefined: all at once. */
  readonly atMost?: number | undefined;
  readonly end: Lines;
}

/** Undefined for a custom strategy, and for a queue, which is more than one program. */
export function programOf(setting: Setting, where: Deployment, measured: MeasuredWith): Program | undefined {
  const { program, lanes } = traitsOf(setting);
  const { poolSize, concurrency } = setting;
  switch (program) {
    case 'loop':
      return { ...onTheLoop(where), atMost: concurrency === 'all' ? undefined : concurrency };
    case 'piscina':
    case 'process-pool': {
      const poolOf = program === 'piscina' ? piscina : processPool;
      if (lanes === 'pool') return inPool(poolOf(setting, where, measured), where);
      const inOne = inPool(poolOf({ ...setting, poolSize: 1, concurrency: 1 }, where, measured), where);
      return { ...perTask(inOne, program === 'piscina' ? 'InThread' : 'InProcess'), atMost: poolSize };
    }
    case 'queue':
    case undefined:
      return undefined;
    default:
      return program satisfies never;
  }
}

function onTheLoop(where: Deployment): Program {
  const { top, body } = importLines('task', workerModule(where), where.format);
  return { imports: top, make: body, call: 'task(input)', end: [] };
}

function inPool({ name, module, install, options, moved }: Pool, where: Deployment): Program {
  return {
    install,
    imports: [
      where.format === 'esm' ? `import { ${name} } from '${module}';` : `const { ${name} } = require('${module}');`,
    ],
    make: [
      `const pool = new ${name}({`,
      ...[...fileOptions(where), ...options].map((option) => `  ${option},`),
      '});',
      ...(moved === undefined ? [] : ['const run = (input) =>', `  pool.run(input, { transferList: ${moved} });`]),
    ],
    call: moved === undefined ? 'pool.run(input)' : 'run(input)',
    end: ['await pool.destroy();'],
  };
}

/** Wraps a pool in a function that starts it for one task. */
function perTask({ make, call, end, ...rest }: Program, suffix: string): Program {
  return {
    ...rest,
    make: [
      `async function run${suffix}(input) {`,
      ...indented([...make, 'try {', `  return await ${call};`, '} finally {', ...indented(end), '}']),
      '}',
    ],
    call: `run${suffix}(input)`,
    end: [],
  };
}
