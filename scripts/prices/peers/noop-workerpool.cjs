/** The task of workerpool, whose workers register theirs. */
const workerpool = require('workerpool');

workerpool.worker({ noop() {} });
