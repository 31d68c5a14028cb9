/** Checks that ten waiting tasks take as long as the longest of them. */
import { lessons } from 'lanewise';

const { lessons: taught } = await lessons({ lessons: ['gather-many'], lang: 'en' });
for (const { title, ways } of taught)
  for (const { way, claims } of ways)
    for (const { text, measured, pass } of claims)
      console.log(`${title}, ${way}: ${pass ? 'holds' : 'fails'}: ${text} (${String(measured)})`);
