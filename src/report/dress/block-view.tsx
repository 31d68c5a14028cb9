import type { VNode } from 'preact';
import { shownOn, type Block, type Code, type Facts, type Figures, type Finding, type List } from '../document.ts';
import type { Figure } from '../figures/figure.ts';
import { capital } from '../names.ts';
import { FigureView } from './figure-view.tsx';
import { Inline } from './inline-view.tsx';
import { TableView } from './table-view.tsx';

/** What blocks have to know of their page. */
export interface Page {
  readonly drawn: ReadonlyMap<Figures, readonly Figure[]>;
  /** Of what is wider than a phone, for whoever cannot see it. */
  readonly canBeScrolled: (what: string) => string;
}

interface Props {
  readonly page: Page;
  readonly blocks: readonly Block[];
  /** Of the headings: 2 is right below the title. */
  readonly level?: 2 | 3;
}

export function BlocksView({ page, blocks, level = 2 }: Props): VNode {
  return (
    <>
      {shownOn('page', blocks).map((block) => (
        <BlockView page={page} block={block} level={level} />
      ))}
    </>
  );
}

function BlockView({ page, block, level }: { page: Page; block: Block; level: 2 | 3 }): VNode {
  switch (block.kind) {
    case 'section': {
      const { heading, blocks, id, isWarning } = block;
      const inside = <BlocksView page={page} blocks={blocks} level={3} />;
      if (level === 3)
        return (
          <>
            <h3 id={id}>{heading}</h3>
            {inside}
          </>
        );
      return (
        <section class={isWarning === true ? 'care' : 'sheet'} aria-label={heading} id={id}>
          <h2>{heading}</h2>
          {inside}
        </section>
      );
    }
    case 'beside':
      if (level === 3)
        return (
          <div class="ways" role="group" aria-label={block.label}>
            {shownOn('page', block.blocks).map((each) => (
              <div>
                <BlockView page={page} block={each} level={level} />
              </div>
            ))}
          </div>
        );
      return (
        <section class="cards" aria-label={block.label}>
          <BlocksView page={page} blocks={block.blocks} level={level} />
        </section>
      );
    case 'paragraph':
      return (
        <p class={block.isNote === true ? 'note' : block.tone}>
          <Inline text={block.text} />
        </p>
      );
    case 'list':
      return <ListView list={block} />;
    case 'facts':
      return <FactsView facts={block} />;
    case 'table':
      return <TableView table={block} canBeScrolled={page.canBeScrolled} />;
    case 'code':
      return <CodeView code={block} />;
    case 'details':
      return (
        <details open={block.isOpen === true}>
          <summary>{block.heading}</summary>
          <BlocksView page={page} blocks={block.blocks} level={3} />
        </details>
      );
    case 'finding':
      return <Card page={page} finding={block} />;
    case 'figures':
      return (
        <>
          {page.drawn.get(block)?.map((figure) => (
            <FigureView figure={figure} canBeScrolled={page.canBeScrolled} />
          ))}
        </>
      );
    default:
      return block satisfies never;
  }
}

function Card({ page, finding }: { page: Page; finding: Finding }): VNode {
  const { subject, trait, note, choice, sentences, blocks } = finding;
  return (
    <article class="card">
      <h2>{subject}</h2>
      <p class="note">
        {trait}, {note}
      </p>
      {choice !== undefined && <p class="choice">{choice}</p>}
      {sentences.map((sentence) => (
        <p>{capital(sentence)}</p>
      ))}
      <BlocksView page={page} blocks={blocks} level={3} />
    </article>
  );
}

function ListView({ list: { items } }: { list: List }): VNode {
  return (
    <ul class={items.some(({ tone }) => tone !== undefined) ? 'claims' : undefined}>
      {items.map(({ text, tone }) => (
        <li class={tone}>
          <Inline text={text} />
        </li>
      ))}
    </ul>
  );
}

function FactsView({ facts: { facts } }: { facts: Facts }): VNode {
  return (
    <dl>
      {facts.map(([name, ...values]) => (
        <>
          <dt>{name}</dt>
          <dd>
            {values.map((value) =>
              values.length === 1 ? (
                <Inline text={value} />
              ) : (
                <span class="line">
                  <Inline text={value} />
                </span>
              ),
            )}
          </dd>
        </>
      ))}
    </dl>
  );
}

function CodeView({ code: { text, title, language, isTitled } }: { code: Code }): VNode {
  return (
    <>
      {isTitled !== true && <p class="note">{title}</p>}
      {/* Wider than a phone: it can be scrolled, also by keyboard. A command has lines of any length. */}
      <pre class={language === 'sh' ? undefined : 'code'} tabIndex={0} role="region" aria-label={title}>
        <code>{text}</code>
      </pre>
    </>
  );
}
