import type { Diagnosis } from '../model/diagnosis.ts';
import { shown } from './displayable.ts';
import { listOf, only, present, section, type Block, type Document, type Facts, type Section } from './document.ts';
import { runtimeText } from './names.ts';
import { mebibytes, ms, orNotMeasured, percent, plural, ratio } from './numbers.ts';

/** The facts of the machine, the measurements on it, and what both mean. */
export function diagnosisDocument(raw: Diagnosis): Document {
  const diagnosis = shown(raw);
  const { noise, upperBound, sentences } = diagnosis;
  const meaning = section('What this means', [listOf(sentences)]);
  return {
    language: 'en',
    about: 'Lanewise: what can be measured here?',
    title: ['What this machine can measure'],
    facts: [],
    alerts: [],
    blocks: present<Block>(
      ...only(['markdown', 'page'], [meaning]),
      factsSection('This machine', machine(diagnosis)),
      factsSection('What can be measured', support(diagnosis)),
      noise.length > 0 && factsSection('Half-width of a CI between equals', noiseFacts(diagnosis)),
      upperBound.length > 0 &&
        factsSection('Upper bound: independent processes, speedup over one', upperBoundFacts(diagnosis)),
      // Last in a terminal, just above the next prompt.
      ...only(['terminal'], [meaning]),
    ),
    madeBy: 'Lanewise',
    footer: 'Made by Lanewise from measurements on one machine, at that time.',
  };
}

function factsSection(heading: string, facts: Facts['facts']): Section {
  return section(heading, [{ kind: 'facts', facts }]);
}

function machine({ environment, timer, freeCpus }: Diagnosis): Facts['facts'] {
  const { memoryLimitBytes, cpuQuota, throttledMs, stealShare, loadAverage } = environment;
  return [
    ['CPU', `${environment.cpuModel}, ${environment.arch}`],
    ['system, runtime', `${environment.os}, ${runtimeText(environment)}`],
    ['usable CPUs', String(environment.cores)],
    ['availableParallelism()', String(environment.availableParallelism)],
    ['CPU affinity', textOrNotMeasured(environment.affinityCpus)],
    ['CPU quota', cpuQuota === null ? 'none' : `${ratio(cpuQuota)} CPUs`],
    ['physical cores', textOrNotMeasured(environment.physicalCores)],
    ['governor', textOrNotMeasured(environment.governor)],
    ['load average (1 min)', textOrNotMeasured(loadAverage, ratio)],
    ['CPUs left free by others', textOrNotMeasured(freeCpus, ratio)],
    ['steal since boot', textOrNotMeasured(stealShare, percent)],
    ['throttled', textOrNotMeasured(throttledMs, ms)],
    ['memory', mebibytes(environment.memoryBytes)],
    ['memory limit', textOrNotMeasured(memoryLimitBytes ?? 'none', mebibytes)],
    ['clock resolution', `${timer.clockStepNs} ns`],
    ['1 ms timer fires after', ms(timer.oneMsTimerMs)],
  ];
}

function support({ support: is }: Diagnosis): Facts['facts'] {
  return [
    ['context switches', yesNo(is.contextSwitches)],
    ['memory of the process tree', yesNo(is.memoryOfTree)],
    ['steal and throttling', yesNo(is.stealAndThrottling)],
    ['CPU time of one thread', yesNo(is.threadCpuUsage)],
    ['TypeScript workloads', yesNo(is.typeStripping)],
  ];
}

function yesNo(is: boolean): string {
  return is ? 'yes' : 'no';
}

function textOrNotMeasured(
  value: number | string | null | undefined,
  show: (value: number) => string = String,
): string {
  return typeof value === 'string' ? value : orNotMeasured(value, show);
}

function noiseFacts({ noise }: Diagnosis): Facts['facts'] {
  const strategies = [...new Set(noise.map(({ strategy }) => strategy))];
  return strategies.map((strategy) => [
    strategy,
    noise
      .filter((floor) => floor.strategy === strategy)
      .map(({ preset, halfWidthPct }) => `${preset} ${halfWidthPct.toFixed(1)}%`)
      .join(' · '),
  ]);
}

function upperBoundFacts({ upperBound }: Diagnosis): Facts['facts'] {
  return upperBound.map(({ lanes, speedup }) => [
    plural(lanes, 'process', 'processes'),
    lanes === 1 ? '1.00×' : `${ratio(speedup.estimate)}× (95% CI ${ratio(speedup.lo)}–${ratio(speedup.hi)})`,
  ]);
}
