import { builtinModules } from 'node:module'
import { basename } from 'node:path'
import { defineConfig, type Plugin } from 'vite'

const fileUrl = /new URL\(\s*['"](\.[^'"]+\.ts)['"]\s*,\s*import\.meta\.url\s*\)/g

/**
 * `new URL('./worker.ts', import.meta.url)` names a source file, which a worker thread is started from. In the bundle
 * such a file becomes an entry of its own and the URL names that.
 */
function sourceUrls(): Plugin {
  return {
    name: 'source-urls',
    async transform(code, importer) {
      const replacements = new Map<string, string>()
      for (const [text, path = ''] of code.matchAll(fileUrl)) {
        const target = await this.resolve(path, importer)
        if (target === null) this.error(`${path}, named by ${importer}, does not exist.`)
        // All files of the bundle lie side by side, so the name is enough for the importer to find it.
        const fileName = `${basename(path, '.ts')}.js`
        this.emitFile({ type: 'chunk', id: target.id, fileName })
        replacements.set(text, `new URL('./${fileName}', import.meta.url)`)
      }
      if (replacements.size === 0) return null
      let result = code
      for (const [text, replacement] of replacements) result = result.replaceAll(text, replacement)
      return { code: result, map: null }
    },
  }
}

/** The gateway as Electron starts it: our code in one folder; what it depends on stays in node_modules, native parts included. */
export default defineConfig({
  plugins: [sourceUrls()],
  build: {
    ssr: 'gateway/process.ts',
    outDir: 'out/gateway',
    target: 'node24',
    rolldownOptions: {
      external: [...builtinModules, /^node:/],
      output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js', format: 'es' },
    },
  },
  publicDir: false,
})
