/** The files of a run that is being measured, in its report folder. */
export const SAMPLES_FILE = 'samples.ndjson';
export const JOURNAL_FILE = 'journal.json';

/** What they are recognized by, as the files of a report. */
export const JOURNAL_MARKS = [
  { file: SAMPLES_FILE, mark: /^\{"cell":"[^\n]*"wallMs":/ },
  { file: JOURNAL_FILE, mark: /^\{"schema":"lanewise\/journal@/ },
] as const;
