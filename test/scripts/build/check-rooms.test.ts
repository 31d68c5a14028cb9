import { expect, it } from 'vitest';
import { arrowsIn, importsIn, wrongArrows } from '../../../dist/scripts/build/check-rooms.js';

const drawing = (lines: string): string => `# A page\n\n\`\`\`mermaid\nflowchart TD\n${lines}\n\`\`\`\n`;
const found = (file: string, text: string) =>
  importsIn(file, text).map(({ to, isOfTypes }) => `${to}${isOfTypes ? ' (types)' : ''}`);

it('chains of arrows, several rooms at each end and dotted arrows are read from the drawing', () => {
  expect(arrowsIn(drawing('  a --> b & c -.-> d'))).toEqual([
    { from: 'a', to: 'b', isOfTypes: false },
    { from: 'a', to: 'c', isOfTypes: false },
    { from: 'b', to: 'd', isOfTypes: true },
    { from: 'c', to: 'd', isOfTypes: true },
  ]);
});

it('imports of every form are found, with their room and whether they import only types', () => {
  const text = `
    import { one } from '../stats/one.ts';
    import type { Two } from '../model/two.ts';
    import { type Three } from '../plan/three.ts';
    export { four } from '../../workers/four.ts';
    const five = await import('../report/five.ts');
    // import { six } from '../lanes/six.ts';
    import seven from 'seven';`;
  expect(found('src/flow/a.ts', text)).toEqual(['stats', 'model (types)', 'plan (types)', 'workers', 'report']);
  expect(found('src/flow.ts', "import './flow/find.ts'; import './api.ts';")).toEqual(['flow', 'api']);
});

it('an import without an arrow and an unused arrow are reported', () => {
  const drawn = arrowsIn(drawing('  flow --> stats\n  flow -.-> model & lanes\n  plan --> model'));
  const imports = [
    ...importsIn('src/flow/a.ts', "import '../stats/b.ts'; import '../model/c.ts';"),
    ...importsIn('src/plan/d.ts', "import type { E } from '../model/e.ts';"),
  ];
  expect(wrongArrows(drawn, imports)).toEqual([
    'src/flow/a.ts imports src/model/c.ts, but docs/architecture.md has no arrow from flow to model.',
    'The arrow from flow to lanes is unused: remove it or dot it.',
    'The arrow from plan to model is unused, or used for types only: remove it or dot it.',
  ]);
});
