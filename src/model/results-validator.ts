import { Compile } from 'typebox/compile';
import { resultsSchema } from './results-schema.ts';

export const validator = Compile(resultsSchema);
