import picomatch from 'picomatch';
import { LanewiseError } from '../model/errors.ts';
import type { WorkloadPlace } from '../model/plan.ts';
import { isPath } from '../model/module-path.ts';
import { didYouMean } from '../model/nearest.ts';
import { DEFAULT_SUITE, SHIPPED_WORKLOADS } from './shipped.ts';

const NAMES = Object.keys(SHIPPED_WORKLOADS);

/** The workloads that these names, globs of names and paths stand for, each once; none: the default suite. */
export function selectWorkloads(asked: readonly string[] = []): readonly WorkloadPlace[] {
  const places = (asked.length === 0 ? DEFAULT_SUITE : asked).flatMap(selectOne);
  const keys = places.map(keyOf);
  return places.filter((place, index) => keys.indexOf(keyOf(place)) === index);
}

function selectOne(asked: string): readonly WorkloadPlace[] {
  if (NAMES.includes(asked)) return [shipped(asked)];
  if (isPath(asked)) return [{ kind: 'file', path: asked }];
  const isMatch = picomatch(asked);
  const matching = /[*?[{]/.test(asked) ? NAMES.filter((name) => isMatch(name)) : [];
  if (matching.length > 0) return matching.map(shipped);
  throw new LanewiseError(
    'usage',
    `Unknown workload "${asked}".${didYouMean(asked, NAMES)} "lanewise list" shows those that ship; a module of yours is given by its path, for example ./work.js.`,
  );
}

function shipped(name: string): WorkloadPlace {
  return { kind: 'shipped', name, module: SHIPPED_WORKLOADS[name] ?? name };
}

function keyOf(place: WorkloadPlace): string {
  return place.kind === 'shipped' ? place.name : place.path;
}
