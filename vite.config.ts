import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { licences } from './vite.licences.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** The interface: one bundle for the tray panel and the dashboard, served at /ui/ and at app://ui/. */
export default defineConfig(({ command }) => {
  // Whoever builds, a test runner too, gets React's production code: its other one is twice the size.
  if (command === 'build') process.env.NODE_ENV = 'production'
  return {
    root: here('renderer'),
    // Relative, because the two places it is served from have different roots.
    base: './',
    plugins: [react(), licences(here('.'))],
    build: {
      outDir: here('out/renderer'),
      emptyOutDir: true,
      // The first versions with light-dark(); Electron is far above them.
      target: ['chrome123', 'firefox120', 'safari17.5'],
      // The CSP has no data: for fonts and styles; small files stay files.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      chunkSizeWarningLimit: 1500,
    },
  }
})
