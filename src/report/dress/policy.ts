import { createHash } from 'node:crypto';

/**
 * The page may load nothing and run nothing but its own style sheet and its own script, which are named by their digests
 * (https://www.w3.org/TR/CSP3/). Pictures are allowed as part of the page only: the icon is one.
 */
export function contentPolicy(style: string, script: string): string {
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
