import { findWorkloads } from '../measure/find-modules.ts';
import { selectWorkloads } from '../plan/select-workloads.ts';
import { KNOWN_STRATEGY_NAMES, traitsOf } from '../model/strategies.ts';
import { jsonText } from '../model/text.ts';
import { section, tableOf } from '../report/document.ts';
import { dressBlocks } from '../report/dress/terminal.ts';
import type { ValuesOf } from '../options/table.ts';
import { paintFor } from '../report/dress/tones.ts';

/** Runs `lanewise list`: prints the workloads and strategies. @returns the exit status */
export async function list(values: ValuesOf<'list'>): Promise<number> {
  const found = await findWorkloads(selectWorkloads(['*']));
  const workloads = found.map(({ fallbackName, claims }) => ({ name: claims.name ?? fallbackName, ...claims }));
  const strategies = KNOWN_STRATEGY_NAMES.map((name) => ({
    name,
    description: traitsOf({ strategy: name }).description,
  }));
  if (values.json === true) {
    const shown = workloads.map(({ name, bound, description, params, tasks, services }) => ({
      name,
      bound,
      description,
      params,
      tasks,
      services,
    }));
    process.stdout.write(jsonText({ workloads: shown, strategies }, 2));
    return 0;
  }
  const blocks = [
    section('Workloads', [
      tableOf(
        'Workloads',
        ['name', 'bound', 'what it does'],
        workloads.map(({ name, bound = '', description = '' }) => [name, bound, description]),
      ),
    ]),
    section('Strategies', [
      tableOf(
        'Strategies',
        ['name', 'how it runs a batch'],
        strategies.map(({ name, description }) => [name, description]),
      ),
    ]),
  ];
  process.stdout.write(`${dressBlocks(blocks, paintFor(values, process.stdout))}\n`);
  return 0;
}
