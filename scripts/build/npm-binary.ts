/** Binaries of runtimes, which npm has as packages for each platform. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Packages of other runtimes, by platform and architecture, with the place of the binary in them. */
const OTHERS = {
  bun: { version: '1.4.5', packages: { 'linux-x64': '@oven/bun-linux-x64' }, path: 'bin/bun' },
  deno: { version: '2.9.6', packages: { 'linux-x64': '@deno/linux-x64-glibc' }, path: 'deno' },
} as const;

/** Installs a Node binary of that version. @returns its path */
export function installNode(folder: string, version: string): string {
  const platform = { win32: 'win', darwin: 'darwin', linux: 'linux' }[process.platform as 'win32'];
  const binary = process.platform === 'win32' ? 'bin/node.exe' : 'bin/node';
  return install(join(folder, `node-${version}`), `node-${platform}-${process.arch}`, version, binary);
}

/** Installs the version of Bun or Deno that is tested. @returns its path; undefined if npm has none for this platform */
export function installRuntime(folder: string, name: keyof typeof OTHERS): string | undefined {
  const { version, packages, path } = OTHERS[name];
  const platform = `${process.platform}-${process.arch}`;
  return platform in packages
    ? install(join(folder, name), packages[platform as keyof typeof packages], version, path)
    : undefined;
}

function install(folder: string, name: string, version: string, path: string): string {
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  npm(folder, ['install', '--silent', '--no-audit', '--no-fund', '--ignore-scripts', `${name}@${version}`]);
  return join(folder, 'node_modules', name, path);
}

export function npm(cwd: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): string {
  // On Windows npm is a script, which only a shell can run.
  return execFileSync('npm', [...args], {
    cwd,
    env,
    encoding: 'utf8',
    shell: process.platform === 'win32',
    maxBuffer: 2 ** 28,
  });
}
