import { globSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { basename } from 'node:path'
import { defineConfig } from 'vite'

/** Threads are started from files of their own: each `*-worker.ts` becomes a file beside the entry, where the code looks for it. */
const workers = globSync('gateway/**/*-worker.ts', { cwd: import.meta.dirname })

/** The gateway as Electron starts it: our code in one folder; what it depends on stays in node_modules, native parts included. */
export default defineConfig({
  build: {
    ssr: true,
    outDir: 'out/gateway',
    target: 'node24',
    rolldownOptions: {
      input: {
        process: 'gateway/process.ts',
        ...Object.fromEntries(workers.map((path) => [basename(path, '.ts'), path])),
      },
      external: [...builtinModules, /^node:/],
      output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js', format: 'es' },
    },
  },
  publicDir: false,
})
