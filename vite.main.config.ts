import { builtinModules } from 'node:module'
import { defineConfig } from 'vite'

/**
 * The Electron main process: one ES module with everything in it but Electron itself and Node, and the updater: that is
 * loaded at its first look only, and finds Electron by `require`.
 */
export default defineConfig({
  build: {
    ssr: 'main/index.ts',
    outDir: 'out/main',
    target: 'node24',
    rolldownOptions: {
      external: ['electron', 'electron-updater', ...builtinModules, /^node:/],
      output: { entryFileNames: 'index.js', format: 'es' },
    },
  },
  ssr: { noExternal: true },
  publicDir: false,
})
