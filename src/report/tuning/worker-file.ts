import type { LaneId } from '../../../workers/contract.ts';
import { escaped, json, propertyKey, type CodeFile } from './code-text.ts';
import type { Deployment } from './deployment.ts';
import { importLines, type ModulePlace } from './import-lines.ts';

/**
 * The file that turns a workload definition into a function for a pool; undefined: the module exports a function.
 *
 * @param kind of the lanes that will run it
 */
export function workerFile(
  where: Deployment,
  params: Readonly<Record<string, unknown>>,
  kind: LaneId['kind'],
): CodeFile | undefined {
  const { definition, module } = where;
  if (definition === undefined) return undefined;
  const name = workerName(where);
  const { top, body } = importLines('workload', where, 'esm');
  const text = [
    `// ${name}: a pool calls a function; this one is the task of`,
    `// ${escaped(module)}`,
    ...top,
    '',
    ...body,
    'const setting = {',
    `  params: ${json(params) ?? '{}'},`,
    `  services: ${servicesOf(definition.services)},`,
    `  lane: { kind: '${kind}', index: 0 },`,
    "  cell: '',",
    '};',
    '// Without a call of teardown: what setup opens is yours to close.',
    'const context = {',
    '  ...setting,',
    '  state: await workload.setup?.(setting),',
    '  signal: new AbortController().signal,',
    '  yieldToLoop: () => new Promise((resolve) => setImmediate(resolve)),',
    '};',
    '',
    'export default (input) => workload.task(input, context);',
  ].join('\n');
  return { name, text };
}

/** Placeholders for the services, which a program has itself. */
function servicesOf(services: readonly string[]): string {
  const all = services.map((service) => `${propertyKey(service)}: { url: 'http://localhost:3000' /* yours */ }`);
  return all.length === 0 ? '{}' : `{ ${all.join(', ')} }`;
}

/** The file for a pool to load: the module itself, or one that makes a function of its export. */
export function workerModule(where: Deployment): ModulePlace {
  return where.definition === undefined
    ? where
    : { module: `./${workerName(where)}`, isPackage: false, steps: ['default'] };
}

function workerName({ module }: Deployment): string {
  const base = module.slice(module.lastIndexOf('/') + 1).replace(/\.[cm]?[jt]sx?$/, '');
  return `${base}-worker.mjs`;
}
