import Database from 'libsql';

const ROWS = 5000;
const CITIES = ['Lisboa', 'Porto', 'Braga', 'Faro', 'Évora'];

/** A database in memory, the same in every worker. */
function open() {
  const database = new Database(':memory:');
  database.exec('CREATE TABLE orders (id INTEGER PRIMARY KEY, city TEXT, cents INTEGER, note TEXT)');
  const insert = database.prepare('INSERT INTO orders VALUES (?, ?, ?, ?)');
  database.exec('BEGIN');
  for (let id = 0; id < ROWS; id++) insert.run(id, CITIES[id % 5], (id * 7919) % 10_000, `order ${id} of the day`);
  database.exec('COMMIT');
  return {
    database,
    lookup: database.prepare('SELECT city, cents FROM orders WHERE id = ?'),
    report: database.prepare(
      "SELECT city, count(*) AS orders, sum(cents) AS cents FROM orders WHERE note LIKE '%' || ? || '%' GROUP BY city ORDER BY city",
    ),
  };
}

/** Libsql adds how long the query took, which is another number each time. */
const valuesOf = ({ city, cents }) => ({ city, cents });

export default {
  name: 'sqlite',
  bound: 'cpu',
  description:
    'query SQLite with libsql, whose calls are synchronous: twenty lookups by key, or a report over all rows',
  params: { query: 'report' },
  setup: open,
  input: ({ index }) => index,
  task: (index, { params, state }) =>
    params.query === 'report'
      ? state.report.all(String(index % 10))
      : Array.from({ length: 20 }, (_, step) => valuesOf(state.lookup.get((index * 20 + step * 37) % ROWS))),
  teardown: ({ database }) => database.close(),
};
