import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readEnvironment } from '../../../src/measure/environment.ts';
import { findWorkloads } from '../../../src/measure/find-modules.ts';
import { byName } from '../../../src/model/asked-strategy.ts';
import type { GroupSnapshot } from '../../../src/model/measured.ts';
import type { Environment, Results } from '../../../src/model/results.ts';
import { planRun } from '../../../src/plan/plan.ts';
import { nameStrategies, resolveRequest } from '../../../src/plan/resolve.ts';
import { openJournal } from '../../../src/session/journal.ts';
import { JOURNAL_FILE, SAMPLES_FILE } from '../../../src/session/unfinished.ts';

/** Texts that an interrupted run leaves. */
export interface BegunFolder {
  readonly journal: string;
  readonly samples: string;
  /** Environment in which it can be resumed. */
  readonly environment: Environment;
}

/** Writes the journal of a run planned here and measured elsewhere, with the same code as for every journal. */
export async function beginFolder(folder: string, { cells, timelines, noise }: Results): Promise<BegunFolder> {
  const environment = readEnvironment();
  const request = { workloads: ['noop'], strategies: byName('event-loop', 'worker-threads'), poolSizes: [2], tasks: 4 };
  const found = await findWorkloads([{ kind: 'shipped', name: 'noop', module: 'overhead/noop.js' }]);
  const machine = { ...environment, runtimes: [], ownStrategies: [] };
  const plan = planRun(found, nameStrategies(resolveRequest(request, environment), []), 1, machine);
  const journal = openJournal(plan, {
    folder,
    command: 'run',
    request,
    comparing: { failOn: 0.1 },
    environment,
    began: { at: '2026-01-01T00:00:00.000Z', elapsedMs: () => 1000 },
    onLoss: (reason) => {
      throw new Error(`the journal was lost: ${reason}`);
    },
  });
  const samples = cells[0]?.samples ?? [];
  for (const group of plan.groups)
    for (const { id } of group.cells) for (const sample of samples) journal.on({ kind: 'sample', cell: id, sample });
  const groups = plan.groups.map((group): GroupSnapshot => ({
    tasks: 4,
    preparingMs: 100,
    blocks: 2,
    cells: group.cells.map(() => ({
      startupMs: [40, 41],
      memoryBytes: [4e7],
      hostCopyBytes: [],
      startsMs: [],
      doubts: [],
    })),
    reference: { cell: group.cells[0]?.id ?? '', digests: ['1', '1', '1', '1'] },
    hit: [1],
    noise: noise?.[0]?.blocks.slice(0, 2) ?? [],
    discarded: [],
    upperBounds: [],
    timelines: timelines.slice(0, 1),
    warnings: [],
    leftBehind: 0,
    isDone: false,
  }));
  journal.on({ kind: 'saved', groups });
  journal.close();
  const [state, lines] = [JOURNAL_FILE, SAMPLES_FILE].map((name) => readFileSync(join(folder, name), 'utf8'));
  return { journal: state ?? '', samples: lines ?? '', environment };
}
