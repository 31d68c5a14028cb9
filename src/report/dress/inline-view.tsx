import type { ComponentChildren } from 'preact';
import type { Text } from '../document.ts';

/** A text with its emphasis and its links. */
export function inline(text: Text): ComponentChildren {
  if (typeof text === 'string') return text;
  return text.map((part) => {
    if (typeof part === 'string') return part;
    if ('to' in part) return <a href={`#${part.to}`}>{part.text}</a>;
    return part.as === 'strong' ? <strong>{part.text}</strong> : <code>{part.text}</code>;
  });
}
