import type { LaneId } from './contract.ts';

/** What the default export of a module says of itself that should be a strategy. */
export type StrategyClaims =
  | { readonly wrong: string }
  | {
      readonly name?: string;
      readonly description?: string;
      readonly lanes: LaneId['kind'];
      readonly keepsLanes: boolean;
    };

/** The module is the user's: its default export can be anything. */
export function strategyClaimsOf(exported: unknown): StrategyClaims {
  if (typeof exported !== 'object' || exported === null)
    return { wrong: 'its default export is no object with `lanes` and `open`' };
  const { name, description, lanes, keepsLanes = true, open } = exported as Readonly<Record<string, unknown>>;
  if (name !== undefined && !(typeof name === 'string' && /^[\w.-]{1,80}$/.test(name)))
    return { wrong: '`name` must be of letters, digits, dots, dashes and underscores' };
  if (lanes !== 'thread' && lanes !== 'process' && lanes !== 'main')
    return { wrong: "`lanes` must be 'thread', 'process' or 'main'" };
  if (typeof keepsLanes !== 'boolean') return { wrong: '`keepsLanes` must be true or false' };
  if (typeof open !== 'function') return { wrong: '`open` must be a function' };
  return {
    lanes,
    keepsLanes,
    ...(name !== undefined && { name }),
    ...(typeof description === 'string' && { description }),
  };
}
