import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { shownOn, type Block, type Document, type Figures } from '../document.ts';
import type { Figure } from '../figures/figure.ts';
import { blockViews, type Page } from './block-view.tsx';
import { STYLE } from './style.ts';

const SCRIPT = new URL('../../../browser/page.js', import.meta.url);

/** Three lanes. */
const ICON =
  'data:image/svg+xml,%3Csvg xmlns=%22http://www.w3.org/2000/svg%22 viewBox=%220 0 16 16%22%3E%3Cpath d=%22M1 4h14M1 8h9M1 12h12%22 stroke=%22%230072b2%22 stroke-width=%222.5%22/%3E%3C/svg%3E';

/** Words of the page that do not depend on its content. */
const WORDS = {
  en: { canBeScrolled: (what: string) => `${what}, can be scrolled`, theme: undefined },
  'pt-BR': { canBeScrolled: (what: string) => `${what}, pode ser rolado`, theme: 'Tema,do sistema,claro,escuro' },
} as const;

/**
 * Renders the document as one self-contained page: no network, readable without scripts.
 *
 * @param packed the results (JSON, gzip, base64), as a download
 */
export async function dressPage(document: Document, packed?: Promise<string>): Promise<string> {
  const script = await readFile(SCRIPT, 'utf8');
  const drawn = await drawAll([...document.alerts, ...document.blocks]);
  const page = { drawn, canBeScrolled: WORDS[document.language].canBeScrolled };
  const data = await packed;
  return `<!doctype html>\n${renderToString(wholePage(document, page, script, data))}\n`;
}

async function drawAll(blocks: readonly Block[]): Promise<ReadonlyMap<Figures, readonly Figure[]>> {
  const drawn = new Map<Figures, readonly Figure[]>();
  for (const block of shownOn('page', blocks)) {
    if (block.kind === 'figures') drawn.set(block, await block.draw());
    if ('blocks' in block) for (const [figures, made] of await drawAll(block.blocks)) drawn.set(figures, made);
  }
  return drawn;
}

function wholePage(document: Document, page: Page, script: string, data: string | undefined): VNode {
  const { title, heading, facts, alerts, blocks, language, about, footer, madeBy } = document;
  return (
    <html lang={language}>
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content={contentPolicy(STYLE, script)} />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="generator" content={madeBy} />
        <title>{heading ?? title.join(' ')}</title>
        <link rel="icon" href={ICON} />
        <style dangerouslySetInnerHTML={{ __html: STYLE }} />
      </head>
      <body>
        {hatchings()}
        <header>
          <div class="top">
            <span>{about}</span>
            <span id="theme" data-label={WORDS[language].theme} />
          </div>
          <h1>
            {(heading === undefined ? title : [heading]).map((sentence) => (
              <span>{sentence} </span>
            ))}
          </h1>
          {facts.length > 0 && (
            <ul class="facts">
              {facts.map((fact) => (
                <li>{fact}</li>
              ))}
            </ul>
          )}
        </header>
        <main>
          {blockViews(page, [...alerts, ...blocks])}
          {data !== undefined && dataView(data)}
        </main>
        <footer>{footer}</footer>
        <script type="module" dangerouslySetInnerHTML={{ __html: script }} />
      </body>
    </html>
  );
}

/** Patterns that figures refer to by name. */
function hatchings(): VNode {
  return (
    <svg class="patterns" aria-hidden="true">
      <defs>{['loop', 'threads', 'processes'].map(hatching)}</defs>
    </svg>
  );
}

function hatching(name: string): VNode {
  return (
    <pattern id={`hatch-${name}`} width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
      <rect width="2" height="7" fill={`var(--${name})`} />
    </pattern>
  );
}

function dataView(data: string): VNode {
  return (
    <section class="sheet" aria-labelledby="data">
      <h2 id="data">The data</h2>
      <p>
        <a data-packed download="results.json.gz" href={`data:application/gzip;base64,${data}`}>
          Download results.json.gz
        </a>
      </p>
      <p class="note">
        Everything on this page was made from it: every sample, in the order in which it was measured.{' '}
        <code>lanewise report results.json</code> makes the page again, and{' '}
        <code>lanewise compare old1.json old2.json old3.json results.json</code> shows what has changed since earlier
        runs. With one or two of those it only shows what looks slower or faster, since how much runs of the same code
        differ is unknown. To compare two versions of your code, <code>lanewise run old.js new.js --versus</code> is
        more precise.
      </p>
    </section>
  );
}

/**
 * Allows only the page's own style sheet and script, named by their digests (https://www.w3.org/TR/CSP3/), and embedded
 * images: the icon is one.
 */
function contentPolicy(style: string, script: string): string {
  return [
    "default-src 'none'",
    `style-src '${digest(style)}'`,
    `script-src '${digest(script)}'`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

function digest(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
