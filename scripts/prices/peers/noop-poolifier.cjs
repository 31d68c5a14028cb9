/** The task of poolifier; CommonJS, since its ESM cluster workers hang on Node 20. */
const { ClusterWorker } = require('poolifier');

module.exports = new ClusterWorker(() => undefined);
