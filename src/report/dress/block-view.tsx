import type { VNode } from 'preact';
import { shownOn, type Block, type Code, type Facts, type Figures, type Finding, type Section } from '../document.ts';
import type { Figure } from '../figures/figure.ts';
import { capital } from '../names.ts';
import { figureView } from './figure-view.tsx';
import { inline } from './inline-view.tsx';
import { tableView } from './table-view.tsx';

/** What blocks have to know of their page. */
export interface Page {
  readonly drawn: ReadonlyMap<Figures, readonly Figure[]>;
  /** Of what is wider than a phone, for whoever cannot see it. */
  readonly canBeScrolled: (what: string) => string;
}

/** Of a heading: 2 is right below the title. */
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
        <div class="ways" role="group" aria-label={block.label}>
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
        <details open={block.isOpen === true}>
          <summary>{block.heading}</summary>
          {blockViews(page, block.blocks, 3)}
        </details>
      );
    case 'finding':
      return cardView(page, block);
    case 'figures':
      return <>{page.drawn.get(block)?.map((figure) => figureView(figure, page.canBeScrolled))}</>;
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

function cardView(page: Page, { subject, trait, note, choice, sentences, blocks }: Finding): VNode {
  return (
    <article class="card">
      <h2>{subject}</h2>
      <p class="note">{`${trait}, ${note}`}</p>
      {choice !== undefined && <p class="choice">{choice}</p>}
      {sentences.map((sentence) => (
        <p>{capital(sentence)}</p>
      ))}
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

/** Wider than a phone: it can be scrolled, also by keyboard. A command has lines of any length. */
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
