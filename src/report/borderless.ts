const LINES = [
  'top',
  'top-mid',
  'top-left',
  'top-right',
  'bottom',
  'bottom-mid',
  'bottom-left',
  'bottom-right',
  'left',
  'left-mid',
  'mid',
  'mid-mid',
  'right',
  'right-mid',
  'middle',
];

/** Options of cli-table3 for columns that only their alignment holds together. */
export const BORDERLESS = {
  chars: Object.fromEntries(LINES.map((name) => [name, ''])),
  style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 1 },
};
