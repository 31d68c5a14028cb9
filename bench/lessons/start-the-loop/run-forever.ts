/** `loop.run_forever()`: a timer keeps the loop running until Ctrl-C. */
const unit = Number(process.argv[2]);

const heart = setInterval(() => console.log('still running'), unit);
process.once('SIGINT', () => {
  clearInterval(heart);
  console.log('closed cleanly');
});
console.log('running');
