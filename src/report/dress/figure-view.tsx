import type { VNode } from 'preact';
import type { Figure } from '../figures/figure.ts';

/** A question, its drawings, and how to read them. */
export function FigureView({ figure }: { readonly figure: Figure }): VNode {
  const { id, question, howToRead, left, panels, isWide } = figure;
  return (
    <figure id={id} aria-labelledby={`${id}-question`}>
      <h2 id={`${id}-question`}>{question}</h2>
      <div class="panels">
        {panels.map(({ title, svg, notes = [] }) => (
          <div class={isWide ? 'wide' : ''}>
            <h3>{title}</h3>
            {isWide ? (
              // Wider than a phone: it can be scrolled, also by keyboard.
              <div
                class="scroll"
                role="group"
                tabIndex={0}
                aria-label={`${title}, can be scrolled`}
                dangerouslySetInnerHTML={{ __html: svg }}
              />
            ) : (
              <div dangerouslySetInnerHTML={{ __html: svg }} />
            )}
            {notes.length > 0 && (
              <details class="notes">
                <summary>What the curves say</summary>
                {notes.map((note) => (
                  <p class="note">{note}</p>
                ))}
              </details>
            )}
          </div>
        ))}
      </div>
      <figcaption>
        <p>{howToRead}</p>
        {left.map((sentence) => (
          <p>{sentence}</p>
        ))}
      </figcaption>
    </figure>
  );
}
