/** Checks that ten waiting tasks take as long as the longest of them. */
import { lessons } from 'lanewise';

const { lessons: taught } = await lessons({ lessons: ['gather-many'], lang: 'en' });
for (const { title, configurations } of taught)
  for (const { configuration, claims } of configurations)
    for (const { text, measured, pass } of claims)
      console.log(`${title}, ${configuration}: ${pass ? 'holds' : 'fails'}: ${text} (${String(measured)})`);
