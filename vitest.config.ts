import { defineConfig } from 'vitest/config';

/** Tests run on the built files: what is tested is what is shipped, worker threads included. */
export default defineConfig({
  test: {
    include: ['dist/**/*.test.js'],
    pool: 'forks',
    testTimeout: 30_000,
    hookTimeout: 30_000,
    reporters: ['default'],
  },
});
