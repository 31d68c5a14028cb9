import { LanewiseError } from './errors.ts';

/** More lanes than this on one machine is a slip of the pen. */
export const LARGEST_POOL = 1024;

/** A pool size as it was asked for: lanes, or so many for each core. */
export type PoolSize = number | { readonly perCore: number };

/** The sizes that these are on a machine of so many cores, without repetitions. @throws LanewiseError for one that is too large there */
export function poolSizesOn(sizes: readonly PoolSize[], cores: number): readonly number[] {
  return [
    ...new Set(
      sizes.map((size) => {
        const lanes = typeof size === 'number' ? size : size.perCore * cores;
        if (lanes <= LARGEST_POOL) return lanes;
        throw noPoolSize(writePoolSize(size));
      }),
    ),
  ];
}

export function writePoolSize(size: PoolSize | string): string {
  if (typeof size !== 'object') return String(size);
  return size.perCore === 1 ? 'cores' : `${size.perCore}*cores`;
}

export function noPoolSize(given: string | number): LanewiseError {
  return new LanewiseError(
    'usage',
    `"${given}" is no pool size: give whole numbers from 1 to ${LARGEST_POOL}, a range like 1..8, cores or 2*cores, for example --pool-size 1,2,cores.`,
  );
}
