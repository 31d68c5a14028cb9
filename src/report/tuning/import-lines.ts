import { AWAIT } from '../../../workers/contract.ts';
import type { TunedModule } from '../../model/results.ts';
import { isIdentifier, propertyKey, quoted, urlPath, type Lines } from './code-text.ts';
import type { Deployment } from './deployment.ts';

/** Lines for the top of a program (imports) and for its body. */
export interface ModuleLines {
  readonly top: Lines;
  readonly body: Lines;
}

export type ModulePlace = Pick<Deployment, 'module' | 'isPackage' | 'exportName' | 'steps'>;

/** Binds a name to a module's export. CommonJS programs use `import()` too, which works for modules of both kinds. */
export function importLines(name: string, { module, steps }: ModulePlace, format: TunedModule['format']): ModuleLines {
  const [first = 'default', ...rest] = steps;
  const bound = rest.length === 0 ? name : 'module';
  const value = `const ${name} = ${reached('module', rest)};`;
  const after = rest.length === 0 ? [] : [value];
  const path = quoted(module.startsWith('.') ? urlPath(module) : module);
  const named = (as: string): string => (first === bound ? first : `${propertyKey(first)}${as}${bound}`);
  if (format === 'cjs') return { top: [], body: [`const { ${named(': ')} } = await import(${path});`, ...after] };
  return { top: [`import ${first === 'default' ? bound : `{ ${named(' as ')} }`} from ${path};`], body: after };
}

function reached(from: string, steps: readonly string[]): string {
  return steps.reduce((text, step, index) => {
    if (step === AWAIT) return index === steps.length - 1 ? `await ${text}` : `(await ${text})`;
    return isIdentifier(step) ? `${text}.${step}` : `${text}[${quoted(step)}]`;
  }, from);
}
