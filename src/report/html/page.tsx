import type { VNode } from 'preact';
import type { Results } from '../../model/results.ts';
import type { Figure } from '../figures/figure.ts';
import { interruption } from '../evidence-text.ts';
import { factsOf } from '../facts.ts';
import type { ReportGroup } from '../../stats/groups.ts';
import { headlineClauses } from '../headline.ts';
import { crossoverSentences } from '../scaling-text.ts';
import { warningsInOrder, warningText } from '../warning-text.ts';
import { Card } from './card.tsx';
import { FigureView } from './figure-view.tsx';
import { Method } from './method.tsx';
import { Numbers } from './numbers.tsx';
import { contentPolicy } from './policy.ts';
import { SettingView } from './setting-view.tsx';
import { STYLE } from './style.ts';

export interface PageProps {
  readonly results: Results;
  readonly groups: readonly ReportGroup[];
  readonly figures: readonly Figure[];
  /** The page's own script. */
  readonly script: string;
  /** The results: JSON, gzip, base64. */
  readonly data: string;
}

/** A dot that turns and two that run beside each other. */
const ICON =
  'data:image/svg+xml,%3Csvg xmlns=%22http://www.w3.org/2000/svg%22 viewBox=%220 0 16 16%22%3E%3Cpath d=%22M1 4h14M1 8h9M1 12h12%22 stroke=%22%230072b2%22 stroke-width=%222.5%22/%3E%3C/svg%3E';

export function Page({ results, groups, figures, script, data }: PageProps): VNode {
  const clauses = headlineClauses(groups);
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content={contentPolicy(STYLE, script)} />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="generator" content={`Lanewise ${results.tool.version}`} />
        <title>{clauses.join(' ')}</title>
        <link rel="icon" href={ICON} />
        <style dangerouslySetInnerHTML={{ __html: STYLE }} />
      </head>
      <body>
        <Hatchings />
        <header>
          <div class="top">
            <span>Lanewise: event loop, threads or processes?</span>
            <span id="theme" />
          </div>
          <h1>
            {clauses.map((clause) => (
              <span>{clause} </span>
            ))}
          </h1>
          <ul class="facts">
            {factsOf(results).map((fact) => (
              <li>{fact}</li>
            ))}
          </ul>
        </header>
        <main>
          <Care results={results} />
          <section class="cards" aria-label="Verdicts">
            {groups.map((group) => (
              <Card group={group} />
            ))}
          </section>
          <Crossovers results={results} />
          {groups.map((group) => (
            <SettingView group={group} results={results} />
          ))}
          {figures.map((figure) => (
            <FigureView figure={figure} />
          ))}
          <section class="sheet">
            <h2>All the numbers</h2>
            {groups.map((group) => (
              <Numbers group={group} />
            ))}
          </section>
          <Method results={results} />
          <Data data={data} />
        </main>
        <footer>
          Made by Lanewise {results.tool.version} from measurements on one machine; speed-ups are those of that machine,
          its Node and its load at that time.
        </footer>
        <script type="module" dangerouslySetInnerHTML={{ __html: script }} />
      </body>
    </html>
  );
}

function Care({ results }: Pick<PageProps, 'results'>): VNode | null {
  const interrupted = interruption(results);
  const sentences = [
    ...(interrupted === undefined ? [] : [interrupted]),
    ...warningsInOrder(results.warnings).map(warningText),
  ];
  if (sentences.length === 0) return null;
  return (
    <section class="care" aria-labelledby="care">
      <h2 id="care">Warnings</h2>
      <ul>
        {sentences.map((sentence) => (
          <li>{sentence}</li>
        ))}
      </ul>
    </section>
  );
}

function Crossovers({ results }: Pick<PageProps, 'results'>): VNode | null {
  const sentences = crossoverSentences(results);
  if (sentences.length === 0) return null;
  return (
    <section class="sheet" aria-labelledby="crossovers">
      <h2 id="crossovers">From which size on is it worth it?</h2>
      <ul>
        {sentences.map((sentence) => (
          <li>{sentence}</li>
        ))}
      </ul>
    </section>
  );
}

/** Fillings that figures refer to by name. */
function Hatchings(): VNode {
  return (
    <svg class="patterns" aria-hidden="true">
      <defs>
        {['loop', 'threads', 'processes'].map((name) => (
          <pattern
            id={`hatch-${name}`}
            width="7"
            height="7"
            patternUnits="userSpaceOnUse"
            patternTransform="rotate(45)"
          >
            <rect width="2" height="7" fill={`var(--${name})`} />
          </pattern>
        ))}
      </defs>
    </svg>
  );
}

function Data({ data }: Pick<PageProps, 'data'>): VNode {
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
        <code>lanewise compare old/results.json results.json</code> says what has changed since another run.
      </p>
    </section>
  );
}
