import { defineConfig } from 'vite'

/** The preload script: CommonJS, because a sandboxed preload cannot be an ES module, and one file, because it can require nothing but Electron. */
export default defineConfig({
  build: {
    lib: { entry: 'main/preload/index.ts', formats: ['cjs'], fileName: () => 'index.cjs' },
    outDir: 'out/preload',
    target: 'node24',
    minify: false,
    rolldownOptions: { external: ['electron'] },
  },
  publicDir: false,
})
