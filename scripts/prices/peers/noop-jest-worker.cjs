/** The task of jest-worker, which wants a named export. */
module.exports.noop = function noop() {};
