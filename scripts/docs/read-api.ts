import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';
import { ApiModel, type ApiItem } from '@microsoft/api-extractor-model';

/** One of the modules that the package exports. */
export interface EntryPoint {
  /** Import specifier: `lanewise/strategy`. */
  readonly name: string;
  readonly items: readonly ApiItem[];
}

interface Manifest {
  readonly name: string;
  readonly exports: Readonly<Record<string, string | { readonly types: string }>>;
}

/**
 * Reads the exports of the built package in a folder with their docstrings, and the unexported types that they refer
 * to.
 *
 * @throws Error if the declarations have errors
 */
export function readApi(folder: string): readonly EntryPoint[] {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
  return Object.entries(manifest.exports).flatMap(([path, target]) =>
    typeof target === 'string'
      ? []
      : [{ name: join(manifest.name, path).replaceAll('\\', '/'), items: readItems(folder, target.types) }],
  );
}

function readItems(folder: string, types: string): readonly ApiItem[] {
  const temporary = mkdtempSync(join(tmpdir(), 'lanewise-api-'));
  try {
    const model = join(temporary, 'lanewise.api.json');
    const config = ExtractorConfig.prepare({
      configObject: {
        projectFolder: folder,
        mainEntryPointFilePath: join(folder, types),
        compiler: {
          overrideTsconfig: {
            compilerOptions: {
              module: 'nodenext',
              target: 'es2023',
              lib: ['es2023'],
              strict: true,
              skipLibCheck: true,
              types: ['node'],
            },
            files: [join(folder, types)],
          },
        },
        apiReport: { enabled: false },
        dtsRollup: { enabled: false },
        tsdocMetadata: { enabled: false },
        docModel: { enabled: true, apiJsonFilePath: model, includeForgottenExports: true },
        messages: { compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.Error } } },
      },
      configObjectFullPath: undefined,
      packageJsonFullPath: join(folder, 'package.json'),
    });
    const errors: string[] = [];
    const { succeeded } = Extractor.invoke(config, {
      localBuild: true,
      messageCallback: (message) => {
        if (message.logLevel === ExtractorLogLevel.Error) errors.push(message.formatMessageWithLocation(folder));
        message.handled = true;
      },
    });
    if (errors.length > 0 || !succeeded) throw new Error(['The types cannot be read.', ...errors].join('\n'));
    return new ApiModel().loadPackage(model).entryPoints.flatMap(({ members }) => members);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}
