import { marked } from 'marked';

function chapter(index) {
  return `## Chapter ${index}

A paragraph with **strong**, *emphasized* and \`code\` words, and a [link](https://example.com/${index}).

- first of ${index}
- second, with \`code\`
  1. nested
  2. list

> A quotation of chapter ${index}.

| name | value |
| ---- | ----: |
| a    | ${index} |
| b    | ${index * 2} |

\`\`\`js
const answer = ${index} + 1;
\`\`\`
`;
}

export default {
  name: 'marked',
  bound: 'cpu',
  description: 'render a Markdown document to HTML with marked',
  params: { chapters: 20 },
  input: ({ params }) => Array.from({ length: params.chapters }, (_, index) => chapter(index)).join('\n'),
  task: (text) => marked.parse(text),
};
