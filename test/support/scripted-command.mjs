/**
 * Ends as it is told to in `SCRIPTED`, in place of Lanewise: per command (`versus` is a run with --versus-ref) a status
 * or a signal, what it prints, and whether it leaves results.
 */
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [command, ...args] = process.argv.slice(2);
const { SCRIPTED = '{}', TMPDIR = '.' } = process.env;
const scripts = JSON.parse(SCRIPTED);
const isVersus = args.some((word) => word.startsWith('--versus-ref='));
const script = (isVersus ? scripts.versus : undefined) ?? scripts[command] ?? {};
const { status = 0, signal, prints = '', says = '', results, warnings = [] } = script;
appendFileSync(join(TMPDIR, 'calls'), `${JSON.stringify([command, ...args])}\n`);
if (prints !== '') console.log(prints);
if (says !== '') console.error(says);
if (results !== undefined) {
  const folder = args[args.indexOf('--out') + 1];
  mkdirSync(folder, { recursive: true });
  const environment = { cpuModel: 'a CPU', cores: 2, arch: 'x64', os: 'linux 6', node: 'v20.1.0' };
  writeFileSync(join(folder, 'results.json'), JSON.stringify({ environment, results, warnings }));
}
if (signal !== undefined) process.kill(process.pid, signal);
else process.exitCode = status;
