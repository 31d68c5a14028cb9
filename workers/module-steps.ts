/** In the steps from a module to what it exports: no name of a property, but a promise that is awaited. */
export const AWAIT = 'await';
