import type { VNode } from 'preact';
import { COLUMNS } from '../columns.ts';
import { clip } from '../displayable.ts';
import { familyOf } from '../figures/ways.ts';
import type { ReportGroup } from '../../stats/groups.ts';
import { shortId, wayName } from '../names.ts';

/** All numbers of one workload, a row for each way. */
export function Numbers({ group }: { readonly group: ReportGroup }): VNode {
  return (
    <>
      <h3>{group.title}</h3>
      <div class="scroll" role="group" tabIndex={0} aria-label={`${group.title}, can be scrolled`}>
        <table class="sortable">
          <thead>
            <tr>
              <th scope="col">way</th>
              {COLUMNS.map(({ title }) => (
                <th scope="col">{title}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {group.cells.map((cell) => (
              <tr class={cell === group.choice ? 'chosen' : ''}>
                <th scope="row" title={wayName(cell)}>
                  <span class={`way ${familyOf(cell)}`} />
                  {shortId(cell)}
                </th>
                {cell.status === 'ok' ? (
                  COLUMNS.map(({ text }) => <td>{text(cell, group)}</td>)
                ) : (
                  <td colSpan={COLUMNS.length}>failed: {clip(cell.error.message, 200)}</td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
