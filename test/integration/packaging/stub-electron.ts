import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createPackage } from '@electron/asar'

/** What marks the place of the fuses in Electron's binary (@electron/fuses); their version and number follow. */
const fuseSentinel = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'
const fuseCount = 9

/**
 * A folder in place of Electron's for Linux: everything that electron-builder moves and changes is there, and nothing
 * runs. So a package can be made where Electron cannot be had.
 * @returns the folder, as `electronDist` wants it
 */
export async function makeStubElectron(parent: string): Promise<string> {
  const folder = join(parent, 'electron')
  const resources = join(folder, 'resources')
  const emptyApp = join(parent, 'empty-app')
  mkdirSync(resources, { recursive: true })
  mkdirSync(join(folder, 'locales'))
  mkdirSync(emptyApp)
  writeFileSync(join(emptyApp, 'package.json'), '{}')
  await createPackage(emptyApp, join(resources, 'default_app.asar'))
  const fuses = Buffer.concat([Buffer.from([1, fuseCount]), Buffer.from('0'.repeat(fuseCount), 'latin1')])
  writeFileSync(join(folder, 'electron'), Buffer.concat([Buffer.from(`#!/bin/false\n${fuseSentinel}`), fuses]))
  chmodSync(join(folder, 'electron'), 0o755)
  const manifest = join(import.meta.dirname, '..', '..', '..', 'node_modules', 'electron', 'package.json')
  writeFileSync(join(folder, 'version'), (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version)
  for (const name of ['LICENSE', 'LICENSES.chromium.html', 'chrome_crashpad_handler', 'chrome-sandbox', 'icudtl.dat']) {
    writeFileSync(join(folder, name), '')
  }
  writeFileSync(join(folder, 'locales', 'en-US.pak'), '')
  return folder
}
