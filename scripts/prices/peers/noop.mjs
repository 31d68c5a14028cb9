/** The task of the pools that take a module's default export: Piscina and tinypool. */
export default function noop() {}
