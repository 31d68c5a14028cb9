// Read when React is loaded: without it, React renders with the checks of development.
process.env.NODE_ENV = 'production';
const { createElement } = await import('react');
const { renderToString } = await import('react-dom/server');

function Row({ item }) {
  return createElement(
    'tr',
    { className: item.stock === 0 ? 'sold-out' : 'available' },
    createElement('td', null, createElement('a', { href: `/items/${item.id}` }, item.name)),
    createElement('td', null, item.price.toFixed(2)),
    createElement('td', null, String(item.stock)),
  );
}

function Page({ items }) {
  return createElement(
    'main',
    null,
    createElement('h1', null, 'Items'),
    createElement(
      'table',
      null,
      createElement(
        'tbody',
        null,
        items.map((item) => createElement(Row, { key: item.id, item })),
      ),
    ),
  );
}

export default {
  name: 'react',
  bound: 'cpu',
  description: 'render a page with a table to HTML with react-dom/server',
  params: { rows: 100 },
  input: ({ params, random }) =>
    Array.from({ length: params.rows }, (_, id) => ({
      id,
      name: `Item ${id} & more`,
      price: random() * 100,
      stock: Math.floor(random() * 10),
    })),
  task: (items) => renderToString(createElement(Page, { items })),
};
