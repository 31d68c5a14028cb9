import Table from 'cli-table3';
import { findWorkloads } from '../measure/find-workloads.ts';
import { selectWorkloads } from '../plan/select-workloads.ts';
import { STRATEGY_NAMES, traitsOf } from '../model/strategies.ts';
import { BORDERLESS } from '../report/borderless.ts';
import type { Paint } from '../report/paint.ts';
import type { ValuesOf } from '../options/table.ts';
import { paintFor } from '../cli/screen.ts';

/** `lanewise list`: what there is to measure, and how it can be run. @returns the exit status */
export async function list(values: ValuesOf<'list'>): Promise<number> {
  const found = await findWorkloads(selectWorkloads(['*']));
  const workloads = found.map(({ fallbackName, claims }) => ({ name: claims.name ?? fallbackName, ...claims }));
  const strategies = STRATEGY_NAMES.map((name) => ({ name, description: traitsOf({ strategy: name }).description }));
  if (values.json === true) {
    const shown = workloads.map(({ name, bound, description, params, tasks, services }) => ({
      name,
      bound,
      description,
      params,
      tasks,
      services,
    }));
    process.stdout.write(`${JSON.stringify({ workloads: shown, strategies }, undefined, 2)}\n`);
    return 0;
  }
  const paint = paintFor(values, process.stdout);
  const sections = [
    section(
      'Workloads',
      ['name', 'bound', 'what it does'],
      workloads.map(({ name, bound = '', description = '' }) => [name, bound, description]),
      paint,
    ),
    section(
      'Strategies',
      ['name', 'how it runs a batch'],
      strategies.map(({ name, description }) => [name, description]),
      paint,
    ),
  ];
  process.stdout.write(`${sections.join('\n\n')}\n`);
  return 0;
}

function section(title: string, head: readonly string[], rows: readonly (readonly string[])[], paint: Paint): string {
  const table = new Table({
    ...BORDERLESS,
    head: head.map((name) => paint('dim', name)),
    wordWrap: true,
    colWidths: head.length === 3 ? [21, 7, 50] : [21, 57],
  });
  for (const cells of rows) table.push([...cells]);
  return `${paint('bold', title)}\n${table.toString().replaceAll(/ +$/gm, '')}`;
}
