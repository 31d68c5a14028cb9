import { readFileSync, realpathSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { TARGET, writeBundles } from './write-bundles.ts';

/** Files that a run starts again and again. Each becomes one file, since Node takes half a millisecond to find one. */
const STARTED = ['host', 'child', 'thread', 'thread-once', 'pool-child', 'own-lane', 'driver', 'metronome'] as const;
/** Imported by a started file only where it is needed; bundles of their own, which no other run reads. */
const ON_DEMAND = [
  { folder: 'src/lanes', name: 'bullmq' },
  { folder: 'workers', name: 'portable' },
] as const;

/**
 * Replaces each started file of `workers/` in a compiled folder by one that holds all its imports. Names in it stay, as
 * stack traces show them. Imports on demand are still carried out on demand.
 */
export async function bundleWorkers(folder: string): Promise<void> {
  await bundle(folder, 'workers', STARTED);
  for (const { folder: room, name } of ON_DEMAND) await bundle(folder, room, [name]);
}

async function bundle(folder: string, room: string, names: readonly string[]): Promise<void> {
  const built = await build({
    absWorkingDir: folder,
    entryPoints: names.map((name) => join(room, `${name}.js`)),
    outdir: room,
    allowOverwrite: true,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: TARGET,
    metafile: true,
    write: false,
    logLevel: 'warning',
    plugins: [
      nodeWithoutFacades,
      piscinaOnDemand,
      ...ON_DEMAND.map(onDemand),
      addressesOf(realpathSync(join(folder, room))),
    ],
  });
  writeBundles(built, folder);
  for (const { path } of built.outputFiles) rmSync(`${path}.map`, { force: true });
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

function onDemand({ folder, name }: (typeof ON_DEMAND)[number]): Plugin {
  return {
    name: `${name} on demand`,
    setup: (esbuild) => {
      esbuild.onResolve({ filter: new RegExp(`/${name}\\.js$`) }, ({ kind }) =>
        kind === 'dynamic-import' ? { path: `../${folder}/${name}.js`, external: true } : undefined,
      );
    },
  };
}

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
