/** A mark in a drawing and the name to place beside it. */
export interface Named {
  readonly name: string;
  readonly xPx: number;
  readonly yPx: number;
}

/** The place of a name, and its item. */
interface PlacedName<Item extends Named> {
  readonly item: Item;
  readonly xPx: number;
  readonly yPx: number;
  readonly anchor: 'start' | 'end';
}

/** Names of marks that are close together. */
export interface NameBlock<Item extends Named> {
  readonly names: readonly PlacedName<Item>[];
  /** A line from the marks to their names, if these are not beside them. */
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
/** Marks closer than this share a block of names. */
const NEAR_PX = 15;
const BESIDE_PX = 10;
const STEPS = Array.from(
  { length: 25 },
  (_step, index) => (index % 2 === 0 ? 1 : -1) * Math.ceil(index / 2) * (LINE_PX / 2),
);

/** Steps sideways, if it is crowded beside a mark. */
const ASIDE_PX = [0, 45, 90];
const NO_BOX = { box: { left: 0, right: 0, top: 0, bottom: 0 }, anchor: 'start', step: 0, aside: 0 } as const;

/** Places names beside their marks without overlap; names of overlapping marks are stacked. */
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
    // Without any room, names overlap others, on the side where the drawing does not clip them.
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

/** Groups items that are near any other of their group. */
function clustersOf<Item extends Named>(items: readonly Item[]): readonly (readonly Item[])[] {
  let clusters: (readonly Item[])[] = [];
  for (const item of items) {
    const isNear = (cluster: readonly Item[]): boolean =>
      cluster.some((other) => Math.hypot(other.xPx - item.xPx, other.yPx - item.yPx) < NEAR_PX);
    clusters = [...clusters.filter((cluster) => !isNear(cluster)), [item, ...clusters.filter(isNear).flat()]];
  }
  return clusters;
}
