import type { InputContext } from '../../workers/contract.ts';

/** Hex digits of a derived key: enough to distinguish any two. */
export const KEY_BYTES = 32;

export interface Password {
  readonly password: string;
  readonly salt: string;
}

export const password = ({ index, random }: InputContext): Password => ({
  password: `correct horse ${index}`,
  salt: random().toString(36).slice(2),
});
