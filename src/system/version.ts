import { readFileSync } from 'node:fs';

/** This package's version, as its package.json says. */
export function readVersion(): string {
  return readManifest().version;
}

/** That of the Piscina which is measured: the package depends on one version and no other. */
export function readPiscinaVersion(): string {
  return readManifest().dependencies.piscina;
}

interface Manifest {
  readonly version: string;
  readonly dependencies: { readonly piscina: string };
}

function readManifest(): Manifest {
  return JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as Manifest;
}
