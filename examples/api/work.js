/** The smallest workload: a function. */
export default function square() {
  let sum = 0;
  for (let number = 0; number < 2_000_000; number++) sum += number * number;
  return sum;
}
