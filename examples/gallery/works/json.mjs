/** Length of one order, about. */
const ORDER_BYTES = 130;

function order(index, random) {
  return {
    id: index,
    customer: `customer-${Math.floor(random() * 1e6)}`,
    items: [
      { sku: `sku-${Math.floor(random() * 1e4)}`, count: 1 + Math.floor(random() * 9), price: random() * 100 },
      { sku: `sku-${Math.floor(random() * 1e4)}`, count: 1 + Math.floor(random() * 9), price: random() * 100 },
    ],
  };
}

const total = (orders) => orders.reduce((sum, { items }) => sum + items.reduce((of, each) => of + each.price, 0), 0);

export default {
  name: 'json',
  bound: 'cpu',
  description: 'parse JSON and add up its numbers; return the sum alone, or all that was parsed',
  params: { bytes: 65_536, returns: 'sum' },
  input: ({ params, random }) =>
    JSON.stringify(Array.from({ length: Math.ceil(params.bytes / ORDER_BYTES) }, (_, index) => order(index, random))),
  task: (text, { params }) => {
    const orders = JSON.parse(text);
    const sum = total(orders);
    return params.returns === 'sum' ? sum : { sum, orders };
  },
};
