/**
 * What every forked process of Lanewise does about its parent. Imported first, before any workload is loaded: a workload
 * that sends messages of its own, as `process.send?.('ready')` under a process manager, finds no one to send them to.
 */
const send = process.send?.bind(process);
delete process.send;

// A parent that is gone waits for nothing; its children end whatever they are doing.
process.on('disconnect', () => process.exit(0));
// Ctrl-C reaches every process of a console on Windows: the parent decides what it means.
process.on('SIGINT', () => undefined);

/** @throws if the message cannot be cloned */
export function tellParent(message: object): void {
  send?.(message);
}
