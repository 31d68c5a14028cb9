/** 5,000 made-up words: every second number below 10,000, each digit as a syllable. */
const SYLLABLES = ['ba', 'ke', 'li', 'mo', 'nu', 'ra', 'se', 'ti', 'vo', 'zu'];

export default Array.from({ length: 5000 }, (_, index) =>
  Array.from(String(2 * index).padStart(4, '0'), (digit) => SYLLABLES[digit]).join(''),
);
