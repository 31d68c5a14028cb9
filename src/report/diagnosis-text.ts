import Table from 'cli-table3';
import type { Diagnosis } from '../model/diagnosis.ts';
import { BORDERLESS } from './borderless.ts';
import { percent, ratio, threeDigits } from './numbers.ts';
import type { Paint } from './paint.ts';
import { wrap } from './wrap.ts';

const BYTES_PER_MIB = 2 ** 20;
const NOT_MEASURED = 'not measured';

/** The facts of the machine, what was measured on it, and what both mean, for a terminal. */
export function renderDiagnosis(diagnosis: Diagnosis, paint: Paint): string {
  const { noise, ceiling, sentences } = diagnosis;
  const parts = [
    section('This machine', facts(diagnosis), paint),
    noise.length === 0 ? '' : section('Half-width of an interval between equals', noiseRows(diagnosis), paint),
    ceiling.length === 0
      ? ''
      : section(
          'Plain processes, times as fast as one',
          ceiling.map(({ lanes, speedup: { estimate, lo, hi } }) => [
            String(lanes),
            lanes === 1 ? '1.00' : `${ratio(estimate)} (${ratio(lo)}–${ratio(hi)})`,
          ]),
          paint,
        ),
    [paint('bold', 'What this means'), ...sentences.map((sentence) => wrap(`- ${sentence}`))].join('\n'),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

type Rows = readonly (readonly string[])[];

function section(title: string, rows: Rows, paint: Paint): string {
  const table = new Table({ ...BORDERLESS, colWidths: [29, 51], wordWrap: true });
  for (const row of rows) table.push([...row]);
  return `${paint('bold', title)}\n${table.toString().replaceAll(/ +$/gm, '')}`;
}

function facts({ environment, timer, support }: Diagnosis): Rows {
  const { memoryLimitBytes, cpuQuota, throttledMs, stealShare, loadAverage } = environment;
  return [
    ['CPU', `${environment.cpuModel}, ${environment.arch}`],
    ['system, Node', `${environment.os}, ${environment.node}`],
    ['usable cores', String(environment.cores)],
    ['  availableParallelism()', String(environment.availableParallelism)],
    ['  CPUs of the affinity', told(environment.affinityCpus)],
    ['  CPU quota', cpuQuota === null ? 'none' : `${ratio(cpuQuota)} CPUs`],
    ['  physical cores', told(environment.physicalCores)],
    ['governor', told(environment.governor)],
    ['load of the last minute', told(loadAverage, ratio)],
    ['stolen since boot', told(stealShare, percent)],
    ['throttled so far', told(throttledMs, (ms) => `${threeDigits(ms)} ms`)],
    ['memory', mebibytes(environment.memoryBytes)],
    ['  limit', told(memoryLimitBytes ?? 'none', mebibytes)],
    ['clock, smallest step', `${timer.clockStepNs} ns`],
    ['timer of 1 ms takes', `${threeDigits(timer.oneMsTimerMs)} ms`],
    ['told by Node and system', ''],
    ['  context switches', has(support.contextSwitches)],
    ['  memory of a process tree', has(support.memoryOfTree)],
    ['  steal and throttling', has(support.stealAndThrottling)],
    ['  CPU time of one thread', has(support.threadCpuUsage)],
    ['  TypeScript workloads', has(support.typeStripping)],
  ];
}

function has(is: boolean): string {
  return is ? 'yes' : 'no';
}

function told(value: number | string | null | undefined, show: (value: number) => string = String): string {
  if (value === null || value === undefined) return NOT_MEASURED;
  return typeof value === 'string' ? value : show(value);
}

function mebibytes(bytes: number): string {
  return `${Math.round(bytes / BYTES_PER_MIB)} MiB`;
}

function noiseRows({ noise }: Diagnosis): Rows {
  const strategies = [...new Set(noise.map(({ strategy }) => strategy))];
  return strategies.map((strategy) => [
    strategy,
    noise
      .filter((floor) => floor.strategy === strategy)
      .map(({ preset, halfWidthPct }) => `${preset} ${halfWidthPct.toFixed(1)} %`)
      .join(' · '),
  ]);
}
