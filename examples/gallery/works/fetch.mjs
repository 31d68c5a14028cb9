export default {
  name: 'fetch',
  bound: 'io',
  description: 'fetch a JSON document from a server that answers after 20 ms',
  params: { bytes: 4096 },
  tasks: 64,
  services: ['http-server'],
  input: ({ params }) => `/document?latencyMs=20&bytes=${params.bytes}`,
  task: async (path, { services }) => {
    const response = await fetch(services['http-server'].url + path);
    return Object.keys(await response.json()).length;
  },
};
