import { readFileSync, realpathSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { parseSync } from 'oxc-parser';
import { TARGET, writeBundles } from './write-bundles.ts';

/** Files that a run starts again and again. Each becomes one file, since Node takes half a millisecond to find one. */
const STARTED = ['thread', 'thread-once', 'own-lane', 'metronome'] as const;
/** Those that become processes. They are scripts, not modules, since only scripts can be compiled before. */
const FORKED = ['host', 'child', 'pool-child', 'driver', 'precompiled'] as const;
/** Imported by a started file only where it is needed; a bundle of its own, which no other run reads. */
const ON_DEMAND = 'bullmq';

/**
 * Replaces each started file of `workers/` in a compiled folder by one that holds all its imports. Names in it stay, as
 * stack traces show them. Imports on demand are still carried out on demand.
 */
export async function bundleWorkers(folder: string): Promise<void> {
  await bundle(folder, 'workers', STARTED, 'esm');
  await bundle(folder, 'workers', FORKED, 'cjs');
  // For the process that measures: its messages to other runtimes.
  await bundle(folder, 'workers', ['portable'], 'esm');
  await bundle(folder, 'src/lanes', [ON_DEMAND], 'esm');
}

/** Gives a script what only modules have: its address, and imports. */
const SCRIPT_HEAD = `'use strict';
const moduleUrl = process.getBuiltinModule('node:url').pathToFileURL(__filename).href;
const importing = module.importing ?? ((url) => import(url));
`;

async function bundle(folder: string, room: string, names: readonly string[], format: 'esm' | 'cjs'): Promise<void> {
  const isScript = format === 'cjs';
  const built = await build({
    absWorkingDir: folder,
    entryPoints: names.map((name) => join(room, `${name}.js`)),
    outdir: room,
    allowOverwrite: true,
    bundle: true,
    format,
    ...(isScript && { outExtension: { '.js': '.cjs' }, define: { 'import.meta.url': 'moduleUrl' } }),
    platform: 'node',
    target: TARGET,
    metafile: true,
    write: false,
    logLevel: 'warning',
    plugins: [nodeWithoutFacades, piscinaOnDemand, bullmqOnDemand, addressesOf(realpathSync(join(folder, room)))],
  });
  writeBundles(built, folder, (text) => (isScript ? SCRIPT_HEAD + withoutImports(text) : text));
  for (const name of names) {
    const compiled = join(folder, room, `${name}.js`);
    rmSync(`${compiled}.map`, { force: true });
    if (isScript) for (const path of [compiled, `${compiled.slice(0, -3)}.d.ts`]) rmSync(path);
  }
}

/** Replaces `import(…)` by the function of that head. */
function withoutImports(script: string): string {
  const starts = parseSync('script.cjs', script).module.dynamicImports.map(({ start }) => start);
  let text = script;
  for (const start of starts.toSorted((a, b) => b - a))
    text = `${text.slice(0, start)}importing${text.slice(start + 'import'.length)}`;
  return text;
}

/**
 * Takes from Node's own modules only what is used. An `import` reads every property of such a module, and so loads
 * parts of Node that nobody needs: `node:fs` the streams, `node:util` the parser of arguments.
 */
const nodeWithoutFacades: Plugin = {
  name: 'node without facades',
  setup: (esbuild) => {
    esbuild.onResolve({ filter: /^node:/ }, ({ path }) => ({ path, namespace: 'part of Node', sideEffects: false }));
    esbuild.onLoad({ filter: /./, namespace: 'part of Node' }, ({ path }) => {
      const names = Object.keys(process.getBuiltinModule(path) ?? {}).filter(
        (name) => /^\w+$/.test(name) && name !== 'default',
      );
      // A call that is marked as pure is left out if nothing imports its result.
      const exported = names.map((name) => `export const ${name} = /* @__PURE__ */ (() => its.${name})();`);
      return {
        contents: [`const its = process.getBuiltinModule('${path}');`, 'export default its;', ...exported].join('\n'),
      };
    });
  },
};

/** Not part of a bundle, since a workload may load the same copy; and only in hosts that run threads. */
const piscinaOnDemand: Plugin = {
  name: 'piscina on demand',
  setup: (esbuild) => {
    esbuild.onResolve({ filter: /^piscina$/ }, () => ({ path: 'piscina', namespace: 'on-demand' }));
    esbuild.onLoad({ filter: /^piscina$/, namespace: 'on-demand' }, () => ({
      contents: `import { createRequire } from 'node:module';
        export const { Piscina } = createRequire(import.meta.url)('piscina');`,
    }));
  },
};

const bullmqOnDemand: Plugin = {
  name: 'bullmq on demand',
  setup: (esbuild) => {
    esbuild.onResolve({ filter: new RegExp(`/${ON_DEMAND}\\.js$`) }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: `../src/lanes/${ON_DEMAND}.js`, external: true } : undefined,
    );
  },
};

/** Keeps the addresses that a file forms from its own. @param bundled the folder of the bundles, as esbuild names it */
function addressesOf(bundled: string): Plugin {
  return {
    name: 'addresses',
    setup: (esbuild) => {
      esbuild.onLoad({ filter: /\.js$/ }, ({ path }) => {
        const from = relative(bundled, path).replaceAll('\\', '/');
        const url = `new URL(${JSON.stringify(encodeURI(from))}, import.meta.url).href`;
        return { contents: readFileSync(path, 'utf8').replaceAll('import.meta.url', url) };
      });
    },
  };
}
