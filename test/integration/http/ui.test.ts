import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { send, startHarness } from './harness.ts'

describe('the interface', () => {
  it('says what to do when it is not built', async () => {
    const bare = await startHarness()
    const answer = await send(bare.port, { path: '/ui/' })
    await bare.close()
    expect(answer.status).toBe(503)
    expect(answer.body).toContain('npm run build')
  })

  it('serves the bundle with a strict policy, and the page for its inner paths', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'signalbox-ui-'))
    mkdirSync(join(directory, 'assets'))
    writeFileSync(join(directory, 'index.html'), '<!doctype html><p>page</p>')
    writeFileSync(join(directory, 'assets', 'index-AbCd1234.js'), 'export {}')
    writeFileSync(join(directory, '.hidden'), 'x')
    const server = await startHarness({ uiDirectory: directory })
    try {
      const moved = await send(server.port, { path: '/ui' })
      expect([moved.status, moved.headers.location]).toEqual([308, '/ui/'])
      for (const path of ['/ui/', '/ui/routers', '/ui/index.html']) {
        const page = await send(server.port, { path })
        expect([page.status, page.body]).toEqual([200, '<!doctype html><p>page</p>'])
        expect(page.headers['content-security-policy']).toContain("default-src 'none'; script-src 'self'")
        expect(page.headers['cache-control']).toBe('no-cache')
        expect(page.headers['x-content-type-options']).toBe('nosniff')
        expect(page.headers['referrer-policy']).toBe('no-referrer')
      }
      const script = await send(server.port, { path: '/ui/assets/index-AbCd1234.js' })
      expect(script.headers['cache-control']).toContain('immutable')
      expect(script.headers['content-type']).toContain('javascript')
      for (const path of [
        '/ui/assets/none.js',
        '/ui/.hidden',
        '/ui/../package.json',
        '/ui/%2e%2e/%2e%2e/etc/passwd',
        '/ui/..%2f..%2fetc%2fpasswd.txt',
      ]) {
        const answer = await send(server.port, { path })
        // A path without an extension is a place in the page.
        expect([path, answer.status]).toEqual([path, path.endsWith('passwd') ? 200 : 404])
        expect(answer.body).not.toContain('root:')
      }
    } finally {
      await server.close()
      rmSync(directory, { recursive: true })
    }
  })
})
