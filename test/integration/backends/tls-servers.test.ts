import { readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import tls from 'node:tls'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createProbeClient } from '../../../gateway/backends/probe/probe-client.ts'
import { downReason } from '../../../gateway/backends/watch/down-reason.ts'

const fixtures = join(import.meta.dirname, '..', '..', 'fixtures', 'tls')
/** For the name upstream.example only, by an authority of its own. */
const certificate = readFileSync(join(fixtures, 'upstream-certificate.pem'), 'utf8')
const key = readFileSync(join(fixtures, 'upstream-key.pem'), 'utf8')

const server = createServer({ cert: certificate, key }, (_request, response) => void response.end('{}'))
let base = ''

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
})

afterAll(() => new Promise((resolve) => server.close(resolve)))

const probe = { path: '/v1/models', connectMs: 5_000, answerMs: 5_000 }
const shared = { userAgent: 'Signalbox/test', monotonic: () => performance.now() }

it('a certificate of nobody who is known here is called that, and never a missing way or server', async () => {
  const outcome = await createProbeClient(shared).ask({ base, ...probe })
  expect(outcome).toMatchObject({ kind: 'untrusted', code: 'DEPTH_ZERO_SELF_SIGNED_CERT' })
  if (outcome.kind === 'answer') throw new Error('it was trusted')
  expect(downReason(outcome, base)).toBe(
    `is not trusted: the certificate of ${base.slice(8)} comes from nobody who is known here`,
  )
})

it('an authority that only the system knows is asked for once, and its certificates still have to fit the name', async () => {
  const before = tls.getCACertificates('default')
  let asked = 0
  const client = createProbeClient({
    ...shared,
    trustSystem: () => {
      asked += 1
      tls.setDefaultCACertificates([...before, certificate])
      return true
    },
  })
  try {
    const outcome = await client.ask({ base, ...probe })
    expect(asked).toBe(1)
    if (outcome.kind === 'answer') throw new Error('another name was trusted')
    expect(downReason(outcome, base)).toContain('is for another name')
    // Another authority would not help here.
    await client.ask({ base, ...probe })
    expect(asked).toBe(1)
  } finally {
    tls.setDefaultCACertificates(before)
  }
})
