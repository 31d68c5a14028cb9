/** A workload that was measured with several values of some of its params. */
export interface Scan<Group> {
  readonly workload: string;
  /** One for each combination of values. */
  readonly groups: readonly Group[];
  /** The params that differ. */
  readonly params: readonly [string, ...string[]];
}

interface Work {
  readonly name: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** @param workOf what a group was measured of */
export function scansOf<Group>(groups: readonly Group[], workOf: (group: Group) => Work): readonly Scan<Group>[] {
  const names = [...new Set(groups.map((group) => workOf(group).name))];
  return names.flatMap((workload): Scan<Group>[] => {
    const own = groups.filter((group) => workOf(group).name === workload);
    const params = [...new Set(own.flatMap((group) => Object.keys(workOf(group).params)))];
    const [first, ...others] = params.filter(
      (param) => new Set(own.map((group) => JSON.stringify(workOf(group).params[param]))).size > 1,
    );
    return first === undefined ? [] : [{ workload, groups: own, params: [first, ...others] }];
  });
}
