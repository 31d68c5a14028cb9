import type { Diagnosis } from '../model/diagnosis.ts';
import { listOf, only, type Document, type Facts, type Section } from './document.ts';
import { orNotMeasured, percent, ratio, threeDigits } from './numbers.ts';

const BYTES_PER_MIB = 2 ** 20;

/** The facts of the machine, what was measured on it, and what both mean. */
export function diagnosisDocument(diagnosis: Diagnosis): Document {
  const { noise, ceiling, sentences } = diagnosis;
  const meaning: Section = { kind: 'section', heading: 'What this means', blocks: [listOf(sentences)] };
  return {
    language: 'en',
    about: 'Lanewise: what can be measured here?',
    title: ['What this machine can measure'],
    facts: [],
    alerts: [],
    blocks: [
      ...only(['markdown', 'page'], [meaning]),
      section('This machine', machine(diagnosis)),
      section('What Node and the system tell', support(diagnosis)),
      ...(noise.length === 0 ? [] : [section('Half-width of an interval between equals', noiseFacts(diagnosis))]),
      ...(ceiling.length === 0 ? [] : [section('Plain processes, times as fast as one', ceilingFacts(diagnosis))]),
      // Beside where the next command is typed.
      ...only(['terminal'], [meaning]),
    ],
    madeBy: 'Lanewise',
    footer: 'Made by Lanewise from measurements on one machine, at that time.',
  };
}

function section(heading: string, facts: Facts['facts']): Section {
  return { kind: 'section', heading, blocks: [{ kind: 'facts', facts }] };
}

function machine({ environment, timer }: Diagnosis): Facts['facts'] {
  const { memoryLimitBytes, cpuQuota, throttledMs, stealShare, loadAverage } = environment;
  return [
    ['CPU', `${environment.cpuModel}, ${environment.arch}`],
    ['system, Node', `${environment.os}, ${environment.node}`],
    ['usable cores', String(environment.cores)],
    ['availableParallelism()', String(environment.availableParallelism)],
    ['CPUs of the affinity', told(environment.affinityCpus)],
    ['CPU quota', cpuQuota === null ? 'none' : `${ratio(cpuQuota)} CPUs`],
    ['physical cores', told(environment.physicalCores)],
    ['governor', told(environment.governor)],
    ['load of the last minute', told(loadAverage, ratio)],
    ['stolen since boot', told(stealShare, percent)],
    ['throttled so far', told(throttledMs, (ms) => `${threeDigits(ms)} ms`)],
    ['memory', mebibytes(environment.memoryBytes)],
    ['memory limit', told(memoryLimitBytes ?? 'none', mebibytes)],
    ['clock, smallest step', `${timer.clockStepNs} ns`],
    ['timer of 1 ms takes', `${threeDigits(timer.oneMsTimerMs)} ms`],
  ];
}

function support({ support: is }: Diagnosis): Facts['facts'] {
  return [
    ['context switches', yesNo(is.contextSwitches)],
    ['memory of a process tree', yesNo(is.memoryOfTree)],
    ['steal and throttling', yesNo(is.stealAndThrottling)],
    ['CPU time of one thread', yesNo(is.threadCpuUsage)],
    ['TypeScript workloads', yesNo(is.typeStripping)],
  ];
}

function yesNo(is: boolean): string {
  return is ? 'yes' : 'no';
}

function told(value: number | string | null | undefined, show: (value: number) => string = String): string {
  if (value === null || value === undefined) return orNotMeasured(null);
  return typeof value === 'string' ? value : show(value);
}

function mebibytes(bytes: number): string {
  return `${Math.round(bytes / BYTES_PER_MIB)} MiB`;
}

function noiseFacts({ noise }: Diagnosis): Facts['facts'] {
  const strategies = [...new Set(noise.map(({ strategy }) => strategy))];
  return strategies.map((strategy) => [
    strategy,
    noise
      .filter((floor) => floor.strategy === strategy)
      .map(({ preset, halfWidthPct }) => `${preset} ${halfWidthPct.toFixed(1)} %`)
      .join(' · '),
  ]);
}

function ceilingFacts({ ceiling }: Diagnosis): Facts['facts'] {
  return ceiling.map(({ lanes, speedup: { estimate, lo, hi } }) => [
    String(lanes),
    lanes === 1 ? '1.00' : `${ratio(estimate)} (${ratio(lo)}–${ratio(hi)})`,
  ]);
}
