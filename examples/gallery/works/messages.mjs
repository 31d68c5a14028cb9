/** Payloads of about as many bytes, in the forms that programs send. */
const PAYLOADS = {
  bytes: (size) => new Uint8Array(size).fill(97),
  text: (size) => 'a message '.repeat(size / 10),
  objects: (size) =>
    Array.from({ length: size / 64 }, (_, id) => ({ id, from: `sender-${id}`, body: 'a short message' })),
};

export default {
  name: 'messages',
  description: 'return a large message as it came: what it costs to get it to a worker and back',
  params: { form: 'text', bytes: 1_048_576 },
  input: ({ params }) => PAYLOADS[params.form](params.bytes),
  task: (message) => message,
};
