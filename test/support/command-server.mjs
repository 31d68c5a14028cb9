/** Runs commands that end at once, one after the other: each as in a process of its own, but for what Node and the modules take to load. */
const COMMAND_LINE = new URL('../../dist/src/cli/command-line.js', import.meta.url).href;
const emitters = [process.stdout, process.stderr, process];
let commands = 0;

process.on('message', (args) => {
  void answer(args);
});

async function answer(args) {
  const told = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'])
    process[name].write = (text) => {
      told[name] += text;
      return true;
    };
  process.argv.splice(2, Infinity, ...args);
  process.exitCode = 0;
  // A module is evaluated again under another name; what it imports is not.
  commands += 1;
  await import(`${COMMAND_LINE}?${commands}`);
  for (const emitter of emitters) for (const event of ['error', 'uncaughtException']) emitter.removeAllListeners(event);
  process.send({ status: process.exitCode, ...told });
  process.exitCode = 0;
}
