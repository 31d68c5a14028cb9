/** Save it as lanewise.config.mjs next to package.json: lanewise run --suite quick */
import { defineConfig } from 'lanewise';

export default defineConfig({
  strategies: ['event-loop', 'worker-threads'],
  poolSizes: ['cores'],
  suites: {
    quick: { workloads: ['noop'], preset: 'quick', out: 'reports/quick', formats: ['md', 'json'] },
    sizes: { workloads: ['echo'], params: { bytes: [1024, 1_048_576] }, blocks: 20 },
  },
});
