/** A sign in a drawing and the name that is to stand beside it. */
export interface Named {
  readonly name: string;
  readonly xPx: number;
  readonly yPx: number;
}

/** Where a name goes, and what it is the name of. */
interface PlacedName<Item extends Named> {
  readonly item: Item;
  readonly xPx: number;
  readonly yPx: number;
  readonly anchor: 'start' | 'end';
}

/** Names that belong together, and how far they had to be moved away from their signs. */
export interface NameBlock<Item extends Named> {
  readonly names: readonly PlacedName<Item>[];
  /** From the signs to the names, where they are not beside each other. */
  readonly leader: readonly [from: readonly [number, number], to: readonly [number, number]] | undefined;
}

export interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const LINE_PX = 13;
const LETTER_PX = 6.1;
/** Signs that are nearer than this share a block of names. */
const NEAR_PX = 15;
const BESIDE_PX = 10;
const STEPS = Array.from(
  { length: 25 },
  (_step, index) => (index % 2 === 0 ? 1 : -1) * Math.ceil(index / 2) * (LINE_PX / 2),
);

/** Further away sideways, where it is crowded beside a sign. */
const ASIDE_PX = [0, 45, 90];
const NO_BOX = { box: { left: 0, right: 0, top: 0, bottom: 0 }, anchor: 'start', step: 0, aside: 0 } as const;

/** Names beside their signs, those of signs that lie upon each other below one another, none upon another. */
export function placeNames<Item extends Named>(
  items: readonly Item[],
  frame: { readonly widthPx: number; readonly heightPx: number; readonly reserved: readonly Box[] },
): readonly NameBlock<Item>[] {
  const signs = items.map(({ xPx, yPx }) => ({ left: xPx - 5, right: xPx + 5, top: yPx - 5, bottom: yPx + 5 }));
  const taken: Box[] = [...frame.reserved, ...signs];
  const isFree = (box: Box): boolean =>
    box.left >= -20 &&
    box.right <= frame.widthPx + 16 &&
    box.top >= -4 &&
    box.bottom <= frame.heightPx + 4 &&
    taken.every(
      (other) =>
        other.right <= box.left || other.left >= box.right || other.bottom <= box.top || other.top >= box.bottom,
    );
  return clustersOf(items).map((cluster) => {
    const names = cluster.toSorted((a, b) => a.yPx - b.yPx || a.name.localeCompare(b.name));
    const width = Math.max(...names.map(({ name }) => name.length)) * LETTER_PX;
    const height = names.length * LINE_PX;
    const left = Math.min(...names.map(({ xPx }) => xPx)) - BESIDE_PX;
    const right = Math.max(...names.map(({ xPx }) => xPx)) + BESIDE_PX;
    const middle = names.reduce((sum, { yPx }) => sum + yPx, 0) / names.length;
    const boxes = ASIDE_PX.flatMap((aside) =>
      STEPS.flatMap((step) => {
        const top = middle + step - height / 2;
        const at = (from: number): Box => ({ left: from, right: from + width, top, bottom: top + height });
        return [
          { box: at(right + aside), anchor: 'start' as const, step, aside },
          { box: at(left - width - aside), anchor: 'end' as const, step, aside },
        ];
      }),
    );
    // Where there is no room at all, names lie upon others, on the side where they are not cut off.
    const crowded = boxes[right + width <= frame.widthPx ? 0 : 1];
    const { box, anchor, step, aside } = boxes.find((candidate) => isFree(candidate.box)) ?? crowded ?? NO_BOX;
    taken.push(box);
    const xPx = anchor === 'start' ? box.left : box.right;
    const isAway = Math.abs(step) > LINE_PX || aside > 0;
    return {
      names: names.map((item, line) => ({ item, xPx, yPx: box.top + (line + 0.5) * LINE_PX, anchor })),
      leader: isAway
        ? [
            [(left + right) / 2, middle],
            [
              xPx + (anchor === 'start' ? -2 : 2),
              Math.min(Math.max(middle, box.top + LINE_PX / 2), box.bottom - LINE_PX / 2),
            ],
          ]
        : undefined,
    };
  });
}

/** Each with all that are near any of it. */
function clustersOf<Item extends Named>(items: readonly Item[]): readonly (readonly Item[])[] {
  let clusters: (readonly Item[])[] = [];
  for (const item of items) {
    const isNear = (cluster: readonly Item[]): boolean =>
      cluster.some((other) => Math.hypot(other.xPx - item.xPx, other.yPx - item.yPx) < NEAR_PX);
    clusters = [...clusters.filter((cluster) => !isNear(cluster)), [item, ...clusters.filter(isNear).flat()]];
  }
  return clusters;
}
