/** The files of a run that is being measured, in its report folder. */
export const SAMPLES_FILE = 'samples.ndjson';
export const JOURNAL_FILE = 'journal.json';
