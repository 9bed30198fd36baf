import { defineConfig } from 'vitest/config';

/**
 * Tests run on the built files: what is tested is what is shipped, worker threads included. Journeys start
 * whole services, so that more files at once than cores would only make each other late.
 */
export default defineConfig({
  test: {
    include: ['dist/**/*.test.js'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ['default', './dist/tests/support/reporter.js'],
  },
});
