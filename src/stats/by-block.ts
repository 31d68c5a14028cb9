/** Groups what was measured by its block, blocks in the order in which they first appear. */
export function byBlock<Item extends { readonly block: number }>(items: readonly Item[]): readonly (readonly Item[])[] {
  const blocks = new Map<number, Item[]>();
  for (const item of items) {
    const block = blocks.get(item.block);
    if (block === undefined) blocks.set(item.block, [item]);
    else block.push(item);
  }
  return [...blocks.values()];
}
