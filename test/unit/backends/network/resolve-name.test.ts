import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createNameLookup } from '../../../../gateway/backends/network/resolve-name.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A resolver that answers when the test says so. */
function resolver() {
  const asked: string[] = []
  const open = new Map<string, PromiseWithResolvers<{ address: string }>>()
  const lookup = createNameLookup((host) => {
    asked.push(host)
    const answer = Promise.withResolvers<{ address: string }>()
    open.set(host, answer)
    return answer.promise
  })
  return { asked, open, lookup }
}

it('an address is its own, and nobody is asked', async () => {
  const { asked, lookup } = resolver()
  expect([await lookup('10.0.0.5'), await lookup('[fd00::5]')]).toEqual([
    { address: '10.0.0.5' },
    { address: 'fd00::5' },
  ])
  expect(asked).toEqual([])
})

it('a name that does not exist is told from a resolver that cannot say', async () => {
  const lookup = (code: string) => createNameLookup(() => Promise.reject(Object.assign(new Error(), { code })))('h')
  expect(await lookup('ENOTFOUND')).toEqual({ code: 'ENOTFOUND' })
  expect(await lookup('EAI_AGAIN')).toEqual({ code: 'EAI_AGAIN' })
})

it('a silent resolver is waited for a second, and not asked again while it still holds the question', async () => {
  const { asked, open, lookup } = resolver()
  for (let round = 0; round < 5; round += 1) {
    const answer = lookup('gpu-node')
    await vi.advanceTimersByTimeAsync(1_000)
    expect(await answer).toEqual({ code: 'ETIMEOUT' })
  }
  expect(asked).toEqual(['gpu-node'])
  open.get('gpu-node')?.resolve({ address: '10.0.0.5' })
  expect(await lookup('gpu-node')).toEqual({ address: '10.0.0.5' })
  await vi.advanceTimersByTimeAsync(0)
  void lookup('gpu-node')
  expect(asked).toEqual(['gpu-node', 'gpu-node'])
})

it('however many names hang, threads are left for the rest of the process; names that wait have their turn', async () => {
  const { asked, open, lookup } = resolver()
  const answers = ['a', 'b', 'c', 'd', 'e'].map((host) => lookup(host))
  expect(asked).toEqual(['a', 'b'])
  open.get('a')?.resolve({ address: '10.0.0.1' })
  await vi.advanceTimersByTimeAsync(0)
  expect(asked).toEqual(['a', 'b', 'c'])
  await vi.advanceTimersByTimeAsync(1_000)
  expect(await Promise.all(answers)).toEqual([
    { address: '10.0.0.1' },
    ...Array.from({ length: 4 }, () => ({ code: 'ETIMEOUT' })),
  ])
})
