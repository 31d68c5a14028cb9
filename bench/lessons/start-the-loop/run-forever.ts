/** `loop.run_forever()`: a timer that is set again and again keeps the loop running until Ctrl-C, which closes it cleanly. */
const unit = Number(process.argv[2]);

const heart = setInterval(() => console.log('still running'), unit);
process.once('SIGINT', () => {
  clearInterval(heart);
  console.log('closed cleanly');
});
console.log('running');
