/**
 * The page's script: a theme switch, sortable tables, and an unpacked download. Without it, everything can still be
 * read.
 */
const THEMES = ['system', 'light', 'dark'] as const;

addThemeSwitch();
for (const table of document.querySelectorAll<HTMLTableElement>('table.sortable')) makeSortable(table);
for (const link of document.querySelectorAll<HTMLAnchorElement>('a[data-packed]')) unpackOnClick(link);

function addThemeSwitch(): void {
  const place = document.querySelector<HTMLElement>('#theme');
  if (place === null) return;
  const label = document.createElement('label');
  const select = document.createElement('select');
  // The page may bring its own language.
  const [name = 'Theme', ...words] = place.dataset.label?.split(',') ?? [];
  label.append(`${name} `, select);
  for (const [index, theme] of THEMES.entries()) select.append(new Option(words[index] ?? theme, theme));
  select.addEventListener('change', () => {
    document.documentElement.style.colorScheme = select.value === 'system' ? '' : select.value;
  });
  place.append(label);
}

function makeSortable(table: HTMLTableElement): void {
  const heads = [...table.querySelectorAll<HTMLTableCellElement>('thead th')];
  for (const [column, head] of heads.entries()) {
    const button = document.createElement('button');
    button.type = 'button';
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener('click', () => {
      const isRising = head.getAttribute('aria-sort') !== 'ascending';
      for (const other of heads) other.removeAttribute('aria-sort');
      head.setAttribute('aria-sort', isRising ? 'ascending' : 'descending');
      sortBy(table, column, isRising);
    });
  }
}

function sortBy(table: HTMLTableElement, column: number, isRising: boolean): void {
  const body = table.tBodies[0];
  if (body === undefined) return;
  const direction = isRising ? 1 : -1;
  const rows = [...body.rows].toSorted((a, b) => {
    const [left, right] = [textOf(a, column), textOf(b, column)];
    const [first, second] = [Number.parseFloat(left), Number.parseFloat(right)];
    // Texts without a number come last in both directions.
    if (Number.isNaN(first) !== Number.isNaN(second)) return Number.isNaN(first) ? 1 : -1;
    return direction * (Number.isNaN(first) ? left.localeCompare(right) : first - second);
  });
  body.append(...rows);
}

function textOf(row: HTMLTableRowElement, column: number): string {
  return row.cells[column]?.textContent ?? '';
}

/** Saves the results as plain JSON; also helps browsers that refuse such a long address. */
function unpackOnClick(link: HTMLAnchorElement): void {
  const packed = link.getAttribute('href')?.split(',')[1];
  if (packed === undefined || typeof DecompressionStream === 'undefined') return;
  link.textContent = 'Download results.json';
  link.addEventListener('click', (event) => {
    event.preventDefault();
    void save(packed);
  });
}

async function save(packed: string): Promise<void> {
  const bytes = Uint8Array.from(atob(packed), (character) => character.codePointAt(0) ?? 0);
  const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([await new Response(unpacked).blob()], { type: 'application/json' }));
  link.download = 'results.json';
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
