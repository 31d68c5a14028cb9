/** The declarations of a strategy module, as plain data. */
import type { LaneId } from './contract.ts';
import { isObject } from './value-kinds.ts';

/** The declarations of a custom strategy, or the reason why the default export is not one. */
export type StrategyClaims =
  | { readonly wrong: string }
  | {
      readonly name?: string;
      readonly description?: string;
      readonly lanes: LaneId['kind'];
      readonly keepsLanes: boolean;
    };

/** Checks a custom module, whose default export can be anything. */
export function strategyClaimsOf(exported: unknown): StrategyClaims {
  if (!isObject(exported)) return { wrong: 'its default export must be an object with `lanes` and `open`' };
  const { name, description, lanes, keepsLanes = true, open } = exported;
  if (name !== undefined && !(typeof name === 'string' && /^[\w.-]{1,80}$/.test(name)))
    return { wrong: '`name` must consist of up to 80 letters, digits, dots, dashes and underscores' };
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
