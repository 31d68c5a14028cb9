/** Counts the primes of a range by trial division. A workload as it is: lanewise run ./examples/alternatives/primes.js --input '{"from": 1000000, "count": 75000}' */
export default function countPrimes({ from, count }) {
  let primes = 0;
  for (let candidate = from; candidate < from + count; candidate++) if (isPrime(candidate)) primes++;
  return primes;
}

function isPrime(candidate) {
  if (candidate % 2 === 0) return candidate === 2;
  for (let divisor = 3; divisor * divisor <= candidate; divisor += 2) if (candidate % divisor === 0) return false;
  return candidate > 1;
}
