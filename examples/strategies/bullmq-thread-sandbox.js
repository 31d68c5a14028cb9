// First: npm install bullmq ioredis, and apt-get install redis-server (or brew install redis)
import { poolStrategy } from 'lanewise/strategy';
import { openSandboxes } from './lanes/bullmq-queue.js';

export default poolStrategy({
  name: 'bullmq-thread-sandbox',
  description: 'a BullMQ worker with sandboxed threads',
  lanes: 'thread',
  openPool: (settings) => openSandboxes(settings, true),
});
