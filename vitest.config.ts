import { defineConfig } from 'vitest/config'

const pure = ['test/unit/**/*.test.ts', 'test/unit/**/*.test.tsx']

export default defineConfig({
  test: {
    // Integration tests start real servers and processes; two cores are the machine we promise, and more workers gain nothing there.
    maxWorkers: 2,
    passWithNoTests: false,
    projects: [
      {
        extends: true,
        // What is pure leaves nothing behind, so its files share a worker: a fresh one for each took most of their time.
        test: { name: 'unit', include: pure, isolate: false },
      },
      {
        extends: true,
        test: {
          name: 'whole',
          include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
          exclude: [...pure, 'test/clients/**', 'test/bench/**', 'node_modules/**'],
          testTimeout: 20_000,
          hookTimeout: 30_000,
        },
      },
    ],
  },
})
