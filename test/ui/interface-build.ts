import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { buildOnce } from '../doubles/build-once.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** Builds the interface unless this state of its sources was built before. Gives the folder. */
export function buildInterface(): Promise<string> {
  return buildOnce({
    name: 'interface',
    sources: ['renderer', 'gateway/contract', 'vite.config.ts', 'package-lock.json'],
    build: async (outDir) => {
      const environment = process.env.NODE_ENV
      await build({ configFile: `${root}vite.config.ts`, logLevel: 'error', build: { outDir } })
      // The build settings ask for production, which is not for the tests after it.
      if (environment === undefined) delete process.env.NODE_ENV
      else process.env.NODE_ENV = environment
    },
  })
}
