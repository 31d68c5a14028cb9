import type { VNode } from 'preact';
import type { Figure, Panel } from '../figures/figure.ts';

interface Props {
  readonly figure: Figure;
  readonly canBeScrolled: (what: string) => string;
}

/** A question, its drawings, and how to read them; or drawings that belong to what stands around them. */
export function FigureView({ figure, canBeScrolled }: Props): VNode {
  const { id, question, howToRead, left, panels, isWide } = figure;
  if (question === undefined)
    return (
      <div class="wide" id={id}>
        {panels.map((panel) => (
          <Wide panel={panel} canBeScrolled={canBeScrolled} />
        ))}
        {left.length > 0 && <p class="note">{left.join(' ')}</p>}
      </div>
    );
  return (
    <figure id={id} aria-labelledby={`${id}-question`}>
      <h2 id={`${id}-question`}>{question}</h2>
      <div class="panels">
        {panels.map((panel) => (
          <div class={isWide ? 'wide' : ''}>
            <h3>{panel.title}</h3>
            {isWide ? (
              <Wide panel={panel} canBeScrolled={canBeScrolled} />
            ) : (
              <div dangerouslySetInnerHTML={{ __html: panel.svg }} />
            )}
            <Notes panel={panel} />
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

/** Wider than a phone: it can be scrolled, also by keyboard. */
function Wide({ panel: { title, svg }, canBeScrolled }: Omit<Props, 'figure'> & { readonly panel: Panel }): VNode {
  return (
    <div
      class="scroll"
      role="group"
      tabIndex={0}
      aria-label={canBeScrolled(title)}
      dangerouslySetInnerHTML={{ __html: svg }}
    />
  );
}

function Notes({ panel: { notes = [] } }: { readonly panel: Panel }): VNode | null {
  if (notes.length === 0) return null;
  return (
    <details class="notes">
      <summary>What the curves say</summary>
      {notes.map((note) => (
        <p class="note">{note}</p>
      ))}
    </details>
  );
}
