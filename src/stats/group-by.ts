/** What has the same key, in the order in which keys first appear. */
export function groupBy<Item, Key>(
  items: Iterable<Item>,
  keyOf: (item: Item) => Key,
): ReadonlyMap<Key, readonly Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const own = groups.get(key);
    if (own === undefined) groups.set(key, [item]);
    else own.push(item);
  }
  return groups;
}

/** What was measured, by its block. */
export function byBlock<Item extends { readonly block: number }>(items: readonly Item[]): readonly (readonly Item[])[] {
  return [...groupBy(items, ({ block }) => block).values()];
}
