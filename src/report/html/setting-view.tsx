import type { VNode } from 'preact';
import type { Results } from '../../model/results.ts';
import type { ReportGroup } from '../../stats/groups.ts';
import { capital } from '../names.ts';
import { screeningMap, type ScreeningMap } from '../tuning/screening.ts';
import { settingOf } from '../tuning/setting.ts';

/** What `tune` found: the code to paste, what it costs and why, and a map of what was screened. */
export function SettingView({
  group,
  results,
}: {
  readonly group: ReportGroup;
  readonly results: Results;
}): VNode | null {
  const { tuned } = group;
  if (tuned === undefined) return null;
  const { code, costs, why, notes } = settingOf(group, tuned, results);
  return (
    <section class="sheet" aria-labelledby="setting">
      <h2 id="setting">The setting</h2>
      {code.map(({ name, text }) => (
        <pre class="code" tabIndex={0} role="region" aria-label={`The setting as code: ${name}`}>
          <code>{text}</code>
        </pre>
      ))}
      {costs.length > 0 && (
        <ul>
          {costs.map((line) => (
            <li>{capital(line)}</li>
          ))}
        </ul>
      )}
      {why !== undefined && <p>{why}</p>}
      <h3>What was tried</h3>
      {notes.map((line) => (
        <p>{line}</p>
      ))}
      <ScreeningTable map={screeningMap(tuned)} />
    </section>
  );
}

/** Shaded by how near a setting came to the best. */
function ScreeningTable({ map: { title, note, columns, rows } }: { readonly map: ScreeningMap }): VNode {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={`Screening: ${title}`}>
      <table class="map">
        <caption>
          {capital(title)}: measured with little evidence, to find the finalists{note && `; ${note}`}
        </caption>
        <thead>
          <tr>
            <th scope="col">setting</th>
            {columns.map((column) => (
              <th scope="col">{column === 'all' ? 'all in flight' : `${column} in flight`}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, cells }) => (
            <tr>
              <th scope="row">{name}</th>
              {cells.map((cell) => (
                <td class={cell === undefined ? undefined : `near-${nearness(cell.share)}`}>{cell?.text}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** In four shades: as good as the best, near it, half as good, worse. */
function nearness(share: number): number {
  if (share >= 0.95) return 3;
  if (share >= 0.8) return 2;
  return share >= 0.5 ? 1 : 0;
}
