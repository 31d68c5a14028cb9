/**
 * Starts a file as Windows would: with a temporary folder of its own, since Wine gives no variable of that name to its
 * processes, and with pipes that only one process can listen at, which Wine 8 lacks.
 */
const { pathToFileURL } = require('node:url');
const net = require('node:net');

const [temporary, file, ...args] = process.argv.slice(2);
Object.assign(process.env, { TEMP: temporary, TMP: temporary });
process.argv.splice(1, Infinity, file, ...args);

const { value: listen } = Object.getOwnPropertyDescriptor(net.Server.prototype, 'listen');
net.Server.prototype.listen = function listenIfFree(address, ...rest) {
  if (typeof address !== 'string' || !address.startsWith('\\\\.\\pipe\\')) return listen.call(this, address, ...rest);
  const other = net.connect(address, () => {
    other.destroy();
    this.emit('error', Object.assign(new Error('in use'), { code: 'EADDRINUSE' }));
  });
  other.on('error', () => listen.call(this, address, ...rest));
  return this;
};

void import(pathToFileURL(file).href);
