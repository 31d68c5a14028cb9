import { parentPort } from 'node:worker_threads';
import { answer } from 'lanewise/lane';

parentPort.on('message', ({ id, message }) => {
  Promise.resolve(answer(message))
    .then((given) => parentPort.postMessage({ id, answer: given }))
    // Reached, too, if the output cannot be cloned.
    .catch((error) => parentPort.postMessage({ id, error }));
});
