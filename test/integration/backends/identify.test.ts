import { afterEach, describe, expect, it } from 'vitest'
import type { BackendVendor } from '../../../gateway/config/providers/backend-names.ts'
import { cardOf, type Verdict, vendorCards } from '../../../gateway/backends/identify/identify.ts'
import { NoAnswer } from '../../../gateway/backends/inventory/inventory.ts'
import { createProbeClient } from '../../../gateway/backends/probe/probe-client.ts'
import { identifyServer, readServer } from '../../../gateway/backends/watch/probe-server.ts'
import { Secret } from '../../../gateway/model/secret.ts'
import {
  type BackendFixture,
  backendFixture,
  type FakeBackend,
  otherFixture,
  startFakeBackend,
  startMuteServer,
} from '../../doubles/backends/fake-server.ts'

const client = createProbeClient({ userAgent: 'Signalbox/test', monotonic: () => performance.now() })
const open: Pick<FakeBackend, 'close'>[] = []

afterEach(async () => {
  for (const server of open.splice(0)) await server.close()
})

async function start(fixture: BackendFixture): Promise<FakeBackend> {
  const fake = await startFakeBackend(fixture)
  open.push(fake)
  return fake
}

/** Asks a fake as if it stood on its own port, or on any other. */
async function identify(fake: FakeBackend, process?: string): Promise<Verdict> {
  return identifyServer({ url: fake.url, isLoopback: true, process }, client)
}

function vendorOf(verdict: Verdict): string {
  return verdict.kind === 'vendor' ? verdict.card.id : verdict.kind
}

const vendors = vendorCards.map(({ id }) => id)

/** What a server of this kind may be sent while it is asked who it is: its own questions, and those that rule others out. */
function allowedPaths(vendor: BackendVendor): ReadonlySet<string> {
  const card = cardOf(vendor)
  const others = card.resembles.flatMap((other) => cardOf(other).confirm)
  return new Set(['/v1/models', ...card.confirm, ...others, ...card.inventory.map((path) => path.replace('POST ', ''))])
}

describe('a server is told from all the others', () => {
  it.each(vendors)('%s on a port that says nothing, for two reasons that agree', async (vendor) => {
    const fake = await start(backendFixture(vendor))
    const verdict = await identify(fake)
    expect(vendorOf(verdict)).toBe(vendor)
    expect(verdict.kind === 'vendor' && verdict.proofs.length).toBeGreaterThanOrEqual(2)
    expect(fake.trips).toEqual([])
  })

  it.each([
    ['llamacpp', 'loading'],
    ['llamacpp', 'keyed'],
    ['llamacpp', 'router'],
    ['vllm', 'keyed'],
    ['tgi', 'loading'],
    ['tgi', 'old'],
    ['localai', 'keyed'],
    ['jan', 'keyed'],
    ['docker', 'empty'],
    ['llama-swap', 'keyed'],
    ['mlx', 'plain'],
    ['tabbyapi', 'keyed'],
    ['nim', 'loading'],
    ['lmstudio', 'old'],
  ] as const)('%s while it is %s', async (vendor, variant) => {
    const fake = await start(backendFixture(vendor, variant))
    expect(vendorOf(await identify(fake))).toBe(vendor)
    expect(fake.trips).toEqual([])
    expect([...fake.keys]).toEqual([])
  })

  it.each(vendors)('%s is asked nothing beyond its allow-list, by the log of probes', async (vendor) => {
    const log: string[] = []
    const logged = createProbeClient({
      userAgent: 'Signalbox/test',
      monotonic: () => performance.now(),
      log: (_method, url) => log.push(new URL(url).pathname),
    })
    const fake = await start(backendFixture(vendor))
    const place = { url: fake.url, isLoopback: true, process: undefined }
    const verdict = await identifyServer(place, logged)
    if (verdict.kind !== 'vendor') throw new Error(`${vendor} was taken for ${verdict.kind}`)
    await readServer(place, verdict.card, { kind: 'none' }, new Map(), logged)
    const allowed = allowedPaths(vendor)
    expect(log.filter((path) => !allowed.has(path))).toEqual([])
    expect(fake.trips).toEqual([])
    expect(log.length).toBe(fake.asked.length)
  })

  it('LM Studio gets no path that it would log as an error, on any port', async () => {
    const fake = await start(backendFixture('lmstudio'))
    const { routes } = backendFixture('lmstudio')
    await identify(fake)
    expect(fake.asked.filter((line) => routes[line] === undefined)).toEqual([])
  })
})

describe('what is no server of models', () => {
  it.each(['vite', 'login', 'huge'])('%s is left alone', async (name) => {
    const fake = await start(otherFixture(name))
    expect(vendorOf(await identify(fake))).toBe('other')
  })

  it('LiteLLM, and with it another Signalbox, is a gateway', async () => {
    expect(vendorOf(await identify(await start(otherFixture('litellm'))))).toBe('gateway')
  })

  it('a list of models alone is only something generic, with or without a key', async () => {
    expect(await identify(await start(otherFixture('generic')))).toEqual({ kind: 'generic', needsKey: false })
    expect(await identify(await start(otherFixture('generic-keyed')))).toEqual({ kind: 'generic', needsKey: true })
    // Healthy and refusing in the words of its framework: so is every second web application, not only TabbyAPI.
    expect(await identify(await start(otherFixture('fastapi')))).toEqual({ kind: 'generic', needsKey: true })
  })

  it('a port that accepts and stays silent gives no answer, and is not taken for down', async () => {
    const mute = await startMuteServer()
    open.push(mute)
    const failure: unknown = await identifyServer(
      { url: mute.url, isLoopback: true, process: undefined },
      client,
    ).catch((thrown: unknown) => thrown)
    expect(failure).toBeInstanceOf(NoAnswer)
    expect((failure as NoAnswer).outcome).toMatchObject({ kind: 'silent', connected: true })
  })

  it('something that speaks no HTTP is told from a refusal', async () => {
    const other = await startMuteServer('SSH-2.0-OpenSSH_9.9\r\n')
    open.push(other)
    const place = { url: other.url, isLoopback: true, process: undefined }
    await expect(identifyServer(place, client)).rejects.toMatchObject({ outcome: { kind: 'not_http' } })
    await other.close()
    await expect(identifyServer(place, client)).rejects.toMatchObject({
      outcome: { kind: 'refused', connected: false },
    })
  })
})

describe('a key', () => {
  it('is sent only to read the models of a server that was proven', async () => {
    const fake = await start(backendFixture('vllm', 'keyed'))
    const place = { url: fake.url, isLoopback: true, process: undefined }
    const verdict = await identifyServer(place, client)
    expect([...fake.keys]).toEqual([])
    if (verdict.kind !== 'vendor') throw new Error('not proven')
    const without = await readServer(place, verdict.card, { kind: 'none' }, new Map(), client)
    expect(without).toMatchObject({ state: 'auth', models: [] })
    const key = { kind: 'value', secret: new Secret('sk-vllm') } as const
    const inventory = await readServer(place, verdict.card, key, new Map(), client)
    expect(inventory).toMatchObject({ state: 'up', version: '0.14.1', models: [{ id: 'Qwen/Qwen3-32B' }] })
  })
})
