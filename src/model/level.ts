/** The level that all comparisons shown together share: 95 % intervals for the lot of them. */
export const LEVEL = 0.05;

/** Every look at the results is a chance to be wrong, so that looks declared in advance divide the level among them. */
export function levelPerLook({ looks }: { readonly looks?: readonly number[] }): number {
  return LEVEL / (looks?.length ?? 1);
}
