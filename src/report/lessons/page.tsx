import type { VNode } from 'preact';
import type { LessonsReport, TaughtLesson, TaughtWay } from '../../model/lessons.ts';
import { contentPolicy } from '../dress/policy.ts';
import { STYLE } from '../dress/style.ts';
import { scoreboard, scoreOf } from './scores.ts';
import { factsOf, verdictOf } from './terminal.ts';
import { claimText, WORDS, type Words } from './words.ts';

/** The timelines of a lesson, and what could not be drawn of them. */
export interface LessonFigure {
  readonly svg: string;
  readonly left: readonly string[];
}

interface PageProps {
  readonly report: LessonsReport;
  readonly figures: ReadonlyMap<string, LessonFigure | undefined>;
  readonly script: string;
}

const LANGUAGE_TAGS = { en: 'en', pt: 'pt-BR' } as const;

export function Page({ report, figures, script }: PageProps): VNode {
  const { lang, lessons } = report;
  const words = WORDS[lang];
  return (
    <html lang={LANGUAGE_TAGS[lang]}>
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content={contentPolicy(STYLE, script)} />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="generator" content="Lanewise" />
        <title>{words.page.title}</title>
        <style dangerouslySetInnerHTML={{ __html: STYLE }} />
      </head>
      <body>
        <header>
          <div class="top">
            <span>{words.page.title}</span>
            <span id="theme" data-label={words.page.theme.join(',')} />
          </div>
          <h1>{verdictOf(report)}</h1>
          <ul class="facts">
            {[...factsOf(report), report.startedAt].map((fact) => (
              <li>{fact}</li>
            ))}
          </ul>
        </header>
        <main>
          {lessons.length > 1 && <Scoreboard report={report} words={words} />}
          <p class="note">{words.page.howToRead}</p>
          {lessons.map((lesson) => (
            <Lesson lesson={lesson} figure={figures.get(lesson.id)} lang={lang} />
          ))}
        </main>
        <footer>{words.page.footer}</footer>
        <script type="module" dangerouslySetInnerHTML={{ __html: script }} />
      </body>
    </html>
  );
}

function Scoreboard({ report, words }: { readonly report: LessonsReport; readonly words: Words }): VNode {
  const { scoreboard: title, canBeScrolled } = words.page;
  return (
    <section class="sheet" aria-labelledby="scoreboard">
      <h2 id="scoreboard">{title}</h2>
      <div class="scroll" role="group" tabIndex={0} aria-label={canBeScrolled(title)}>
        <table>
          <thead>
            <tr>
              {words.columns.map((column) => (
                <th scope="col">{column}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {scoreboard(report).map(({ lesson, ways }) => (
              <tr>
                <th scope="row">
                  <a href={`#${lesson.id}`}>{lesson.title}</a>
                </th>
                <td>{lesson.origin}</td>
                {ways.map((each) => (
                  <td>{each.map(scoreText).join(' · ')}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function scoreText(way: TaughtWay): string {
  const { held, all, isFailed } = scoreOf([way]);
  return `${isFailed ? '✗' : '✓'} ${held}/${all}`;
}

interface LessonProps {
  readonly lesson: TaughtLesson;
  readonly figure: LessonFigure | undefined;
  readonly lang: LessonsReport['lang'];
}

function Lesson({ lesson, figure, lang }: LessonProps): VNode {
  const { id, title, origin, idea, tutorial, differs, code, ways } = lesson;
  const words = WORDS[lang];
  return (
    <section class="sheet lesson" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <p class="note">
        <code>{id}</code> · {origin}
      </p>
      <p>{idea}</p>
      <p>
        <strong>{words.tutorialSays}:</strong> {tutorial}
      </p>
      {differs !== undefined && (
        <p>
          <strong>{words.otherwise}:</strong> {differs}
        </p>
      )}
      <div class="ways">
        {ways.map((way) => (
          <Way way={way} lang={lang} />
        ))}
      </div>
      {figure !== undefined && (
        <>
          <div
            class="scroll wide"
            role="group"
            tabIndex={0}
            aria-label={words.page.canBeScrolled(title)}
            dangerouslySetInnerHTML={{ __html: figure.svg }}
          />
          {figure.left.length > 0 && <p class="note">{figure.left.join(' ')}</p>}
        </>
      )}
      <details open>
        <summary>{words.code}</summary>
        {code.map(({ file, text }) => (
          <>
            <p class="note">
              <code>{file}</code>
            </p>
            <pre class="code" role="group" tabIndex={0} aria-label={words.page.canBeScrolled(file)}>
              {text}
            </pre>
          </>
        ))}
      </details>
    </section>
  );
}

function Way({ way, lang }: { readonly way: TaughtWay; readonly lang: LessonsReport['lang'] }): VNode {
  const words = WORDS[lang];
  return (
    <div>
      <h3>{way.way}</h3>
      {way.attempts > 1 && <p class="note">{words.measuredAgain(way.attempts)}</p>}
      <ul class="claims">
        {way.error !== undefined && (
          <li class="fails">
            {words.notPerformed}: {way.error}
          </li>
        )}
        {way.claims.map((claim) => (
          <li class={claim.pass ? 'holds' : 'fails'}>{claimText(claim, lang)}</li>
        ))}
        {way.notMeasured.map((reason) => (
          <li>{reason}</li>
        ))}
      </ul>
    </div>
  );
}
