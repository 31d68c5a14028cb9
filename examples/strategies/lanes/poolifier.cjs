// CommonJS: its ESM cluster workers hang on Node 20.
const { answer } = require('lanewise/lane');
const { ThreadWorker } = require('poolifier');

// It awaits only functions that are declared async.
module.exports = new ThreadWorker(async (message) => answer(message));
