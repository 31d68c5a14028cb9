/** A worker of a pool that calls the default export of a module. */
export { answer as default } from 'lanewise/lane';
