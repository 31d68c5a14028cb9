import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { parseSync } from 'oxc-parser';
import { TARGET, writeBundles } from './write-bundles.ts';

/** The folder of the bundles. */
const LIBRARIES = 'libraries';
/** Not bundled: Piscina starts workers from its files, and a workload may load the same copy. */
const WHOLE: ReadonlySet<string> = new Set(['piscina', 'lanewise']);
/** Whose files the command imports. */
const ROOMS = ['src', 'workers'];
const PACKAGE = /^(?!node:)(?:@[\w.-]+\/)?[\w-][\w.-]*(?:\/[\w./-]+)?$/;

/**
 * Makes one file of each package that the command imports, since Node takes half a millisecond to find a file and these
 * have hundreds. What several of them share is in files of its own.
 */
export async function bundleLibraries(folder: string): Promise<void> {
  const files = ROOMS.flatMap((room) =>
    readdirSync(join(folder, room), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.js'))
      .map((name) => importsOf(join(folder, room, name))),
  );
  await bundle(folder, new Set(files.flatMap(({ imports }) => imports.map(({ specifier }) => specifier))));
  for (const { path, text, imports } of files) {
    if (imports.length > 0) writeFileSync(path, withBundles(text, imports, relative(dirname(path), folder)));
  }
}

interface Import {
  readonly specifier: string;
  /** Where the specifier stands, with its quotes. */
  readonly start: number;
  readonly end: number;
}

interface Importing {
  readonly path: string;
  readonly text: string;
  /** Those of packages that are bundled, in their order. */
  readonly imports: readonly Import[];
}

function importsOf(path: string): Importing {
  const text = readFileSync(path, 'utf8');
  const { staticImports, dynamicImports } = parseSync(path, text).module;
  const imports = [...staticImports, ...dynamicImports].map(({ moduleRequest: { start, end } }): Import => {
    // An address that is computed is no package.
    const [, specifier = ''] = /^['"](.*)['"]$/.exec(text.slice(start, end)) ?? [];
    return { specifier, start, end };
  });
  const bundled = imports.filter(({ specifier }) => PACKAGE.test(specifier) && !WHOLE.has(specifier));
  return { path, text, imports: bundled.toSorted((a, b) => a.start - b.start) };
}

/** @param root path of the folder, from that of the file */
function withBundles(text: string, imports: readonly Import[], root: string): string {
  let replaced = '';
  let from = 0;
  for (const { specifier, start, end } of imports) {
    const address = `${join(root, LIBRARIES).replaceAll('\\', '/')}/${nameOf(specifier)}.js`;
    replaced += `${text.slice(from, start)}${JSON.stringify(address)}`;
    from = end;
  }
  return replaced + text.slice(from);
}

function nameOf(specifier: string): string {
  return specifier.replace('@', '').replaceAll('/', '-');
}

async function bundle(folder: string, specifiers: ReadonlySet<string>): Promise<void> {
  const built = await build({
    absWorkingDir: folder,
    entryPoints: [...specifiers].map((specifier) => ({ in: `all:${specifier}`, out: nameOf(specifier) })),
    outdir: LIBRARIES,
    chunkNames: 'shared-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: TARGET,
    // Names stay, as stack traces show them.
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'inline',
    metafile: true,
    write: false,
    logLevel: 'warning',
    // Packages in CommonJS ask for parts of Node.
    banner: {
      js: "import { createRequire as requireFrom } from 'node:module';\nconst require = requireFrom(import.meta.url);",
    },
    plugins: [allExports, yargsAnywhere],
  });
  mkdirSync(join(folder, LIBRARIES));
  writeBundles(built, folder);
}

/** `all:typebox` exports what Node finds in the package. */
const allExports: Plugin = {
  name: 'all exports',
  setup: (esbuild) => {
    esbuild.onResolve({ filter: /^all:/ }, ({ path }) => ({ path: path.slice('all:'.length), namespace: 'all' }));
    esbuild.onLoad({ filter: /./, namespace: 'all' }, async ({ path }) => {
      const names = Object.keys((await import(path)) as object).filter((name) => /^\w+$/.test(name));
      return { contents: `export { ${names.join(', ')} } from '${path}';`, resolveDir: import.meta.dirname };
    });
  },
};

/** Yargs asks for the working folder when it is loaded, unless it is below `node_modules`; that folder may be gone. */
const yargsAnywhere: Plugin = {
  name: 'yargs anywhere',
  setup: (esbuild) => {
    esbuild.onLoad({ filter: /[\\/]yargs[\\/]lib[\\/]platform-shims[\\/]esm\.mjs$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      const contents = text.replace('mainFilename || process.cwd()', "mainFilename || '.'");
      if (contents === text) throw new Error(`${path} no longer asks for the working folder: remove this plugin.`);
      return { contents };
    });
  },
};
