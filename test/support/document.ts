import type { Document } from '../../dist/src/report/document.js';

/** A document of which only what is given is said. */
export function documentOf(given: Partial<Document>): Document {
  return {
    language: 'en',
    about: 'A report',
    title: [],
    facts: [],
    alerts: [],
    blocks: [],
    madeBy: 'Lanewise 0.0.0',
    footer: 'Made here.',
    ...given,
  };
}
