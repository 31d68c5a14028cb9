/** Yields after every `slice` candidates, so that callers can give other tasks a turn; returns the number of primes. */
export function* countPrimes(from: number, count: number, slice: number): Generator<void, number> {
  let primes = 0;
  for (let offset = 0; offset < count; offset++) {
    if (isPrime(from + offset)) primes += 1;
    if (offset % slice === slice - 1) yield;
  }
  return primes;
}

/** Trial division by odd numbers: slow on purpose, and equally slow everywhere. */
function isPrime(candidate: number): boolean {
  if (candidate % 2 === 0) return candidate === 2;
  for (let divisor = 3; divisor * divisor <= candidate; divisor += 2) {
    if (candidate % divisor === 0) return false;
  }
  return candidate > 1;
}
