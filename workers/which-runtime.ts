/** Prints which runtime runs this file. */
import { thisRuntime } from './this-runtime.ts';

process.stdout.write(JSON.stringify(thisRuntime()));
