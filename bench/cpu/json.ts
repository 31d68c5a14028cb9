import type { InputContext } from '../../workers/contract.ts';
import { defineWorkload } from '../../workers/define-workload.ts';

interface Order {
  readonly id: number;
  readonly customer: string;
  readonly lines: readonly { readonly sku: string; readonly cents: number; readonly count: number }[];
}

export default defineWorkload({
  name: 'json',
  bound: 'cpu',
  description: 'parse, transform and stringify a document: the payload is copied to a worker and back',
  params: { orders: 800 },
  tasks: 12,
  input: ({ index, params, random }: InputContext): string => {
    const orders = Array.from({ length: Number(params.orders) }, (_, order): Order => ({
      id: index * 1_000_000 + order,
      customer: `customer ${Math.floor(random() * 1000)}`,
      lines: Array.from({ length: 4 }, (_line, line) => ({
        sku: `sku-${Math.floor(random() * 10_000)}`,
        cents: Math.floor(random() * 100_000),
        count: line + 1,
      })),
    }));
    return JSON.stringify(orders);
  },
  task: (document: string): string => {
    const orders = JSON.parse(document) as readonly Order[];
    const totals = orders.map(({ id, customer, lines }) => ({
      id,
      customer: customer.toUpperCase(),
      cents: lines.reduce((sum, { cents, count }) => sum + cents * count, 0),
      lines: lines.toSorted((a, b) => b.cents - a.cents),
    }));
    return JSON.stringify(totals.toSorted((a, b) => b.cents - a.cents));
  },
});
