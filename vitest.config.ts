import { defineConfig } from 'vitest/config'

const pure = ['test/unit/**/*.test.ts', 'test/unit/**/*.test.tsx']
const served = [
  'test/integration/{agents,audit,config,http,ledger,providers,relay,store,translation,upstream}/**/*.test.ts',
  'test/ui/*.test.ts',
]

export default defineConfig({
  test: {
    // Two cores are the machine we promise. Tests that start servers and processes wait a good part of their time: a third
    // worker uses it (245 s became 208).
    maxWorkers: 3,
    passWithNoTests: false,
    // Only to end what hangs: a busy machine is many times slower, and no test claims a speed.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 30_000 } },
    projects: [
      {
        extends: true,
        // What is pure leaves nothing behind, so its files share a worker: a fresh one for each took most of their time.
        test: { name: 'unit', include: pure, isolate: false },
      },
      {
        extends: true,
        // Servers, databases and browsers of the test's own process. Each file closes what it opens, so these share a worker as well.
        test: { name: 'served', include: served, isolate: false },
      },
      {
        extends: true,
        test: {
          name: 'whole',
          include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
          exclude: [...pure, ...served, 'test/clients/**', 'test/bench/**', 'node_modules/**'],
        },
      },
    ],
  },
})
