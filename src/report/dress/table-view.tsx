import type { VNode } from 'preact';
import { shownOn, type Cell, type Table } from '../document.ts';
import { inline } from './inline-view.tsx';

/** Wider than a phone: it can be scrolled, also by keyboard. */
export function tableView({ label, columns, rows, isSortable }: Table, canBeScrolled: (what: string) => string): VNode {
  const shown = shownOn('page', columns);
  const isMap = rows.some(({ cells }) => cells.some(({ nearness }) => nearness !== undefined));
  return (
    <div class="scroll" role="group" tabIndex={0} aria-label={canBeScrolled(label)}>
      <table class={isSortable === true ? 'sortable' : isMap ? 'map' : undefined}>
        <thead>
          <tr>
            {shown.map(({ title }) => (
              <th scope="col">{title}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ cells, isChosen }) => (
            <tr class={isChosen === true ? 'chosen' : undefined}>
              {shown.map((column, index) => cellView(cells[columns.indexOf(column)], index === 0))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function cellView(cell: Cell | undefined, isName: boolean): VNode {
  if (cell === undefined) return <td />;
  const { text, long, tone, family, nearness } = cell;
  if (!isName) return <td class={nearness === undefined ? tone : `near-${nearness}`}>{inline(text)}</td>;
  return (
    <th scope="row" title={long}>
      {family !== undefined && <span class={`way ${family}`} />}
      {inline(text)}
    </th>
  );
}
