import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: {
    // Two builds of graphql in one process make "another module or realm" errors; every import takes the same one.
    alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }],
  },
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
