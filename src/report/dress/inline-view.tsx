import type { VNode } from 'preact';
import type { Part, Text } from '../document.ts';

/** A text with its emphasis and its links. */
export function Inline({ text }: { readonly text: Text }): VNode {
  return <>{typeof text === 'string' ? text : text.map((part) => partView(part))}</>;
}

function partView(part: Part): string | VNode {
  if (typeof part === 'string') return part;
  if ('to' in part) return <a href={`#${part.to}`}>{part.text}</a>;
  return part.as === 'strong' ? <strong>{part.text}</strong> : <code>{part.text}</code>;
}
