import { defineConfig } from 'vitest/config'

// The real coding agents, installed from npm into a cache folder: slower than the suite and in need of a registry, so apart from it.
export default defineConfig({
  test: {
    include: ['test/clients/**/*.test.ts'],
    globalSetup: ['test/clients/pinned-clients.ts'],
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 300_000,
  },
})
