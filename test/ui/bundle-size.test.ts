import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { buildInterface } from './interface-build.ts'

it('the interface weighs under 500 kB as it is sent, scripts and styles together', async () => {
  const assets = join(await buildInterface(), 'assets')
  const files = readdirSync(assets).filter((name) => /\.(?:js|css)$/u.test(name))
  expect(files.filter((name) => name.endsWith('.js')).length).toBeGreaterThan(0)
  const bytes = files.map((name) => gzipSync(readFileSync(join(assets, name))).length)
  expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(500_000)
})
