import type { OwnStrategy } from '../../dist/src/model/plan.js';
import { checkValues } from '../../dist/src/options/values.js';
import type { Settings, TuneSettings } from '../../dist/src/options/config.js';
import { nameStrategies, resolveRequest, type NamedRequest, type RunRequest } from '../../dist/src/plan/resolve.js';
import { resolveTuning, type NamedTuning } from '../../dist/src/plan/resolve-tuning.js';

type Texts = { readonly strategies?: readonly string[]; readonly baseline?: string };
type Known = Pick<RunRequest, 'upperBoundLanes' | 'batches' | 'kinds' | 'versusCommit'>;
/** What is asked of a run, as a program writes it. */
export type RunAsked = Omit<Settings, keyof Texts> & Texts & Known;
export type TuneAsked = Omit<TuneSettings, keyof Texts | 'workload'> & Texts;

/** That as the planner takes it. */
export function runRequest(
  { upperBoundLanes, batches, kinds, ...settings }: RunAsked,
  { cores, own = [] }: { readonly cores: number; readonly own?: readonly OwnStrategy[] },
): NamedRequest {
  const asked = checkValues('run', settings, { where: 'test', in: 'code' });
  const known = { ...(upperBoundLanes && { upperBoundLanes }), ...(batches && { batches }), ...(kinds && { kinds }) };
  return nameStrategies(resolveRequest({ ...asked, ...known }, { cores }), own);
}

export function tuneRequest(settings: TuneAsked, machine: { readonly cores: number }): NamedTuning {
  const asked = checkValues('tune', { workload: 'work', ...settings }, { where: 'test', in: 'code' });
  const resolved = resolveTuning(asked, machine);
  return { ...resolved, request: nameStrategies(resolved.request, []) };
}
