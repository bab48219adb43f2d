import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { KnownHost } from '../../../../gateway/backends/network/host-watch.ts'
import { rememberPaths } from '../../../../gateway/backends/network/remember-paths.ts'
import type { JsonValue } from '../../../../gateway/model/json.ts'

const tunnel: KnownHost = {
  address: '10.20.0.5',
  learned: { source: '10.8.0.2', interface: 'wg0', tunnel: 'WireGuard', subnet: '10.8.0.2/24' },
}
const bare: KnownHost = {
  address: 'fd00::5',
  learned: { source: 'fd00::1', interface: undefined, tunnel: undefined, subnet: undefined },
}

function memory(value?: JsonValue) {
  const kept = { value }
  const place = { get: async () => kept.value, set: async (next: JsonValue) => void (kept.value = next) }
  return rememberPaths(place, () => undefined)
}

describe('paths learned in an earlier run', () => {
  it('come back as they were', async () => {
    const paths = memory()
    const known = new Map([
      ['gpu-node', tunnel],
      ['nas', bare],
    ])
    paths.save(known)
    expect(await paths.load()).toEqual(known)
  })

  it('are kept for two hundred hosts, the latest', async () => {
    const paths = memory()
    paths.save(new Map(Array.from({ length: 250 }, (_, index) => [`host-${index}`, tunnel])))
    const hosts = [...(await paths.load()).keys()]
    expect([hosts.length, hosts[0], hosts.at(-1)]).toEqual([200, 'host-50', 'host-249'])
  })

  it('whatever is kept in their place is no reason to stop', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        for (const [, { address }] of await memory(value as JsonValue).load()) expect(address).toMatch(/[.:]/)
      }),
    )
    expect(await memory({ h: { address: 'no address', source: '10.0.0.1' } }).load()).toEqual(new Map())
  })

  it('a store that fails is told of, and nothing is known', async () => {
    const failures: string[] = []
    const broken = rememberPaths(
      { get: () => Promise.reject(new Error('locked')), set: () => Promise.reject(new Error('full')) },
      (failure) => failures.push(String(failure)),
    )
    expect(await broken.load()).toEqual(new Map())
    broken.save(new Map([['h', tunnel]]))
    await new Promise((resolve) => setImmediate(resolve))
    expect(failures).toEqual(['Error: locked', 'Error: full'])
  })
})
