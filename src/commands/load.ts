import { command } from './command.ts';

export const loadCommand = command({
  name: 'load',
  description: 'let tasks arrive at a rate, and measure how long each takes',
  examples: [
    ['load ./render.js --rate 40,80,120', 'how long does a task take at 40 a second?'],
    ["load primes --objective 'p99<=50ms'", 'is 50 ms held at half, 0.7 and 0.9 of the capacity?'],
    ['load timer --arrivals burst:10', 'ten at once'],
  ],
  exitStatus: '0 done, 1 a configuration failed, 2 wrong usage, 130 interrupted.',
  body: async () => (await import('../session/load.ts')).loadAndReport,
});
