/** Worker file for pools that call a default export. */
export { answer as default } from 'lanewise/lane';
