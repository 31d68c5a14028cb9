import type { VNode } from 'preact';
import type { Figure, Panel } from '../figures/figure.ts';

/** A question, its drawings, and how to read them; or drawings that belong to what stands around them. */
export function figureView(
  { id, question, howToRead, left, panels, isWide }: Figure,
  canBeScrolled: (what: string) => string,
): VNode {
  const drawings = panels.map((panel) => svgView(panel, isWide ? canBeScrolled(panel.title) : undefined));
  if (question === undefined)
    return (
      <div class="wide" id={id}>
        {drawings}
        {left.length > 0 && <p class="note">{left.join(' ')}</p>}
      </div>
    );
  return (
    <figure id={id} aria-labelledby={`${id}-question`}>
      <h2 id={`${id}-question`}>{question}</h2>
      <div class="panels">
        {panels.map(({ title, notes }, index) => (
          <div class={isWide ? 'wide' : ''}>
            <h3>{title}</h3>
            {drawings[index]}
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
        {[howToRead, ...left].map((sentence) => (
          <p>{sentence}</p>
        ))}
      </figcaption>
    </figure>
  );
}

/** @param scrolled its label, where it is wider than a phone: it can be scrolled, also by keyboard */
function svgView({ svg }: Panel, scrolled: string | undefined): VNode {
  const drawing = { dangerouslySetInnerHTML: { __html: svg } };
  return scrolled === undefined ? (
    <div {...drawing} />
  ) : (
    <div class="scroll" role="group" tabIndex={0} aria-label={scrolled} {...drawing} />
  );
}
