import { answer } from 'lanewise/lane';

process.on('message', ({ id, message }) => {
  Promise.resolve(answer(message))
    .then((given) => process.send({ id, answer: given }))
    // Reached, too, if the output cannot be cloned.
    .catch((error) => process.send({ id, error }));
});
process.send('ready');
