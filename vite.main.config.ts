import { builtinModules } from 'node:module'
import { defineConfig } from 'vite'

/** The Electron main process: one ES module with everything in it but Electron itself and Node. */
export default defineConfig({
  build: {
    ssr: 'main/index.ts',
    outDir: 'out/main',
    target: 'node24',
    rolldownOptions: {
      external: ['electron', ...builtinModules, /^node:/],
      output: { entryFileNames: 'index.js', format: 'es' },
    },
  },
  ssr: { noExternal: true },
  publicDir: false,
})
