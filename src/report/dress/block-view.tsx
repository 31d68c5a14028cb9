import type { VNode } from 'preact';
import {
  present,
  shownOn,
  type Block,
  type Code,
  type Facts,
  type Figures,
  type Finding,
  type Section,
  type Cell,
  type Column,
  type Table,
} from '../document.ts';
import type { Figure } from '../figures/figure.ts';
import { capital } from '../names.ts';
import { axisOf, breakable, inline, markView, ratioBar, type RatioAxis } from './marks.tsx';

/** The page as its blocks need it. */
export interface Page {
  readonly drawn: ReadonlyMap<Figures, readonly Figure[]>;
  /** Label of an element that is wider than a phone, for screen readers. */
  readonly canBeScrolled: (what: string) => string;
}

/** Level of a heading: 2 is directly below the title. */
type Level = 2 | 3;

export function blockViews(page: Page, blocks: readonly Block[], level: Level = 2): readonly VNode[] {
  return shownOn('page', blocks).map((block) => blockView(page, block, level));
}

function blockView(page: Page, block: Block, level: Level): VNode {
  switch (block.kind) {
    case 'section':
      return sectionView(page, block, level);
    case 'beside':
      return level === 2 ? (
        <section class="cards" aria-label={block.label}>
          {blockViews(page, block.blocks)}
        </section>
      ) : (
        <div class="configurations" role="group" aria-label={block.label}>
          {blockViews(page, block.blocks, level).map((view) => (
            <div>{view}</div>
          ))}
        </div>
      );
    case 'paragraph':
      return <p class={block.isNote === true ? 'note' : block.tone}>{inline(block.text)}</p>;
    case 'list':
      return (
        <ul class={block.items.some(({ tone }) => tone !== undefined) ? 'claims' : undefined}>
          {block.items.map(({ text, tone }) => (
            <li class={tone}>{inline(text)}</li>
          ))}
        </ul>
      );
    case 'facts':
      return <dl>{block.facts.map(factView)}</dl>;
    case 'table':
      return tableView(block, page.canBeScrolled);
    case 'code':
      return codeView(block);
    case 'details':
      return (
        <details>
          <summary>{block.heading}</summary>
          {blockViews(page, block.blocks, 3)}
        </details>
      );
    case 'finding':
      return cardView(page, block);
    case 'figures':
      return figuresView(page.drawn.get(block) ?? [], page.canBeScrolled);
    default:
      return block satisfies never;
  }
}

function sectionView(page: Page, { heading, blocks, id, isWarning }: Section, level: Level): VNode {
  const inside = blockViews(page, blocks, 3);
  return level === 3 ? (
    <>
      <h3 id={id}>{heading}</h3>
      {inside}
    </>
  ) : (
    <section class={isWarning === true ? 'care' : 'sheet'} aria-label={heading} id={id}>
      <h2>{heading}</h2>
      {inside}
    </section>
  );
}

function cardView(page: Page, { subject, trait, note, verdict, details, blocks }: Finding): VNode {
  return (
    <article class="card">
      <h2>{breakable(subject)}</h2>
      <p class="note">{`${trait}, ${note}`}</p>
      <p class="choice">{`${capital(verdict)}.`}</p>
      {details.length > 0 && <p>{inline(details.join(' '))}</p>}
      {blockViews(page, blocks, 3)}
    </article>
  );
}

function factView([name, ...values]: Facts['facts'][number]): VNode {
  const lines = values.map((value) =>
    values.length === 1 ? inline(value) : <span class="line">{inline(value)}</span>,
  );
  return (
    <>
      <dt>{name}</dt>
      <dd>{lines}</dd>
    </>
  );
}

/** Code scrolls, also by keyboard; a command wraps, since its lines have any length. */
function codeView({ text, title, language, isTitled }: Code): VNode {
  return (
    <>
      {isTitled !== true && <p class="note">{title}</p>}
      <pre class={language === 'sh' ? undefined : 'code'} tabIndex={0} role="region" aria-label={title}>
        <code>{text}</code>
      </pre>
    </>
  );
}

/** Makes an element that is wider than a phone scrollable, also by keyboard. */
function scrolled(label: string): object {
  return { class: 'scroll', role: 'group', tabIndex: 0, 'aria-label': label };
}

function tableView(table: Table, canBeScrolled: (what: string) => string): VNode {
  const { label, columns, rows } = table;
  const isWordy = hasWords(table);
  const axis = axisOf(rows);
  return (
    <div {...scrolled(canBeScrolled(label))}>
      <table class={tableClass(table)}>
        <thead>
          <tr>
            {columns.map(({ title, align }) => (
              <th scope="col" class={align}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ cells, isChosen }) => (
            <tr class={isChosen === true ? 'chosen' : undefined}>
              {cells.map((cell, index) =>
                index === 0
                  ? nameView(cell)
                  : isWordy
                    ? itemView(cell, axis, columns[index])
                    : cellView(cell, columns[index]),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function hasWords({ columns }: Table): boolean {
  return columns.some(({ isWordy }) => isWordy);
}

function tableClass(table: Table): string | undefined {
  const { rows, isSortable } = table;
  if (isSortable === true) return 'sortable';
  if (hasWords(table)) return 'wordy';
  return rows.some(({ cells }) => cells.some(({ nearness }) => nearness !== undefined)) ? 'map' : undefined;
}

function nameView({ text, long, family }: Cell): VNode {
  return (
    <th scope="row" title={long}>
      {familyMark(family)}
      {inline(text)}
    </th>
  );
}

function cellView({ text, tone, nearness }: Cell, column?: Column): VNode {
  return <td class={classOf(nearness === undefined ? tone : `near-${nearness}`, column?.align)}>{inline(text)}</td>;
}

/** A cell of a wordy table: on a phone, the title of its column is shown before it. */
function itemView({ text, tone, family, range }: Cell, axis: RatioAxis, column?: Column): VNode {
  return (
    <td class={classOf(tone, column?.isWordy === true ? 'words' : column?.align)} data-label={column?.title}>
      <span>
        {familyMark(family)}
        {range !== undefined && ratioBar(range, axis)}
        {inline(text)}
      </span>
    </td>
  );
}

function classOf(...names: readonly (string | undefined)[]): string | undefined {
  return present(...names).join(' ') || undefined;
}

function familyMark(family: string | undefined): VNode | false {
  return family !== undefined && <span class={`family ${family}`} />;
}

/** Pairs figures with one small drawing side by side; an odd one gets its text beside it. */
function figuresView(figures: readonly Figure[], canBeScrolled: (what: string) => string): VNode {
  const small = figures.filter(({ panels, isWide }) => panels.length === 1 && !isWide);
  const odd = small.length % 2 === 1 ? small.at(-1) : undefined;
  const placeOf = (figure: Figure): Place => (figure === odd ? 'alone' : small.includes(figure) ? 'single' : undefined);
  return <div class="figures">{figures.map((figure) => figureView(figure, placeOf(figure), canBeScrolled))}</div>;
}

type Place = 'alone' | 'single' | undefined;

/** A question, its drawings, and how to read them; without a question, only the drawings. */
function figureView(
  { id, question, howToRead, omitted, panels, isWide, legend = [] }: Figure,
  place: Place,
  canBeScrolled: (what: string) => string,
): VNode {
  const drawings = panels.map(({ svg, title }) => (
    <div {...(isWide && scrolled(canBeScrolled(title)))} dangerouslySetInnerHTML={{ __html: svg }} />
  ));
  if (question === undefined)
    return (
      <div class="wide" id={id}>
        {drawings}
        {omitted.length > 0 && <p class="note">{omitted.join(' ')}</p>}
      </div>
    );
  return (
    <figure id={id} class={place} aria-labelledby={`${id}-question`}>
      <h2 id={`${id}-question`}>{question}</h2>
      <div class="panels">
        {panels.map(({ title, notes, more }, index) => (
          <div class={isWide ? 'wide' : ''}>
            <h3>{title}</h3>
            {drawings[index]}
            {more && (
              <details class="notes more">
                <summary>{more.heading}</summary>
                <div {...scrolled(canBeScrolled(more.heading))} dangerouslySetInnerHTML={{ __html: more.svg }} />
              </details>
            )}
            {notes.length > 0 && (
              <details class="notes">
                <summary>What the curves show</summary>
                {notes.map((note) => (
                  <p class="note">{note}</p>
                ))}
              </details>
            )}
          </div>
        ))}
      </div>
      <figcaption>
        {legend.length > 0 && (
          <ul class="legend">
            {legend.map((entry) => (
              <li>
                {markView(entry)}
                {entry.name}
              </li>
            ))}
          </ul>
        )}
        {[howToRead, ...omitted].map((sentence) => (
          <p>{sentence}</p>
        ))}
      </figcaption>
    </figure>
  );
}
