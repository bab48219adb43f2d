import { join } from 'node:path'
import { buildOnce } from './build-once.ts'

const root = join(import.meta.dirname, '..', '..')

export type GatewayEntry = 'gateway/process.ts' | 'gateway/cli.ts'

let folder: Promise<string> | undefined

/**
 * The path of an entry of the gateway in one bundle with its packages, native ones excepted. It is built as for Electron
 * and starts with less than half the work that the sources with their thousand files need; dozens of tests start one.
 * Tests of the start itself run the sources.
 */
export async function bundledEntry(entry: GatewayEntry): Promise<string> {
  folder ??= buildOnce({ name: 'gateway', sources: ['gateway', 'vite.gateway.config.ts', 'package-lock.json'], build })
  return join(await folder, entry.replace('gateway/', '').replace('.ts', '.js'))
}

async function build(outDir: string): Promise<void> {
  // Only here: most tests never build.
  const { build: bundle } = await import('vite')
  const environment = process.env.NODE_ENV
  await bundle({
    root,
    configFile: join(root, 'vite.gateway.config.ts'),
    logLevel: 'error',
    ssr: { noExternal: true, external: ['better-sqlite3', '@napi-rs/keyring', 'pino'] },
    build: { outDir, rolldownOptions: { input: { cli: join(root, 'gateway/cli.ts') } } },
  })
  // The build settings ask for production, which is not for the tests after it.
  if (environment === undefined) delete process.env.NODE_ENV
  else process.env.NODE_ENV = environment
}
