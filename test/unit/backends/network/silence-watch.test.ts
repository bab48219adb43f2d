import { describe, expect, it } from 'vitest'
import type { Contact } from '../../../../gateway/backends/network/host-machine.ts'
import { hasUnanswered } from '../../../../gateway/backends/network/proc-sockets.ts'
import { createSilenceWatch, type SilencePlace } from '../../../../gateway/backends/network/silence-watch.ts'

const heading =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode                                                     \n'

/** One line of the table, as a Linux 6.18 prints it. */
function line(remote: string, state: string, unacknowledged: string, retransmits: string, probes: string): string {
  return `   3: 02014D0A:C0DE ${remote} ${state} ${unacknowledged}:00000000 01:0000000A ${retransmits}     0        ${probes} 1614279 1 000000006952fe7d 100 0 0 10 0\n`
}

describe('connections that go unanswered, in the kernel’s table', () => {
  const there = '02024D0A:1F90'
  it.each([
    ['data that is not acknowledged', line(there, '01', '00000024', '00000001', '0'), true],
    ['a sign of life that was asked for', line(there, '01', '00000000', '00000000', '1'), true],
    ['a connection that is being opened', line(there, '02', '00000001', '00000000', '0'), true],
    ['a connection that waits for its answer', line(there, '01', '00000000', '00000000', '0'), false],
    ['one that is closing', line(there, '06', '00000000', '00000000', '0'), false],
    ['another host', line('03024D0A:1F90', '01', '00000024', '00000001', '0'), false],
    ['a listener', line('00000000:0000', '0A', '00000000', '00000000', '0'), false],
  ])('%s', (_name, row, expected) => {
    expect(hasUnanswered(heading + row, '10.77.2.2')).toBe(expected)
  })

  it('of IPv6, in the words of its table', () => {
    const row = line('000080FE00000000FF005450 2A1800FE:1F90'.replace(' ', ''), '01', '00000024', '00000000', '0')
    expect(hasUnanswered(row, 'fe80::5054:ff:fe00:182a')).toBe(true)
    expect(hasUnanswered(row, 'fe80::1')).toBe(false)
    expect(hasUnanswered(line('00000000000000000000000001000000:1F90', '02', '00000000', '0', '0'), '::1')).toBe(true)
  })

  it('of a text that is no table are none', () => {
    expect(hasUnanswered('', '10.0.0.1')).toBe(false)
    expect(hasUnanswered('02024D0A:\n:::\n 02024D0A:1F90', '10.77.2.2')).toBe(false)
  })
})

/** A host whose kernel answers or not as the test says, in a time that the test moves. */
function createScene(usualMs: number | undefined = 2) {
  const timers = new Set<{ readonly at: number; readonly work: () => void }>()
  const scene = {
    now: 0,
    unanswered: false,
    contact: 'open' as Contact['kind'],
    /** ms that a connection takes; a silent one ends with the last of them. */
    contactMs: 2,
    running: { quietMs: 10_000 } as { quietMs: number } | undefined,
    place: { address: '10.0.0.9', port: 80, usualMs } as SilencePlace | undefined,
    looks: 0,
    probes: 0,
    silentAt: [] as number[],
    timers,
    async pass(ms: number): Promise<void> {
      const until = scene.now + ms
      await settle()
      for (;;) {
        const next = [...timers].filter(({ at }) => at <= until).sort((one, other) => one.at - other.at)[0]
        if (next === undefined) break
        timers.delete(next)
        scene.now = next.at
        next.work()
        await settle()
      }
      scene.now = until
    },
  }
  const schedule = (ms: number, work: () => void): (() => void) => {
    const timer = { at: scene.now + ms, work }
    timers.add(timer)
    return () => timers.delete(timer)
  }
  const watch = createSilenceWatch({
    signs: async () => {
      scene.looks += 1
      return scene.unanswered
    },
    probe: (_address, port) => {
      scene.probes += 1
      const { contact } = scene
      const { promise, resolve } = Promise.withResolvers<Omit<Contact, 'at'>>()
      schedule(contact === 'silent' ? 1_500 : scene.contactMs, () => resolve({ port, kind: contact }))
      return promise
    },
    now: () => scene.now,
    schedule,
    traffic: () => scene.running,
    place: () => scene.place,
    onSilent: () => {
      scene.silentAt.push(scene.now)
      scene.place = undefined
    },
  })
  return { scene, watch }
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve()
}

describe('a path that swallows everything while a request waits', () => {
  it('is found out within 0.7 s of the first packet that nobody acknowledged', async () => {
    const { scene, watch } = createScene()
    watch.began('gpu')
    await scene.pass(1_000)
    scene.unanswered = true
    scene.contact = 'silent'
    await scene.pass(700)
    expect(scene.silentAt).toHaveLength(1)
  })

  it('is not seen in a model that thinks for minutes: nothing is connected to', async () => {
    const { scene, watch } = createScene()
    watch.began('gpu')
    await scene.pass(300_000)
    expect([scene.silentAt, scene.probes]).toEqual([[], 0])
  })

  it('is not seen in one lost packet: new connections are answered', async () => {
    const { scene, watch } = createScene()
    watch.began('gpu')
    scene.unanswered = true
    await scene.pass(10_000)
    expect(scene.silentAt).toEqual([])
    // Asked for once in a while, not all the time.
    expect(scene.probes).toBeLessThan(20)
  })

  it('is not seen where the answers came late and the kernel has them', async () => {
    const { scene, watch } = createScene()
    watch.began('gpu')
    scene.unanswered = true
    scene.contact = 'silent'
    await scene.pass(300)
    scene.unanswered = false
    await scene.pass(5_000)
    expect(scene.silentAt).toEqual([])
  })

  it.each([undefined, 400])('is left to the slower way where connections usually take %s ms', async (usualMs) => {
    const { scene, watch } = createScene(usualMs)
    if (usualMs === undefined) scene.place = { address: '10.0.0.9', port: 80, usualMs: undefined }
    watch.began('gpu')
    scene.unanswered = true
    scene.contact = 'silent'
    await scene.pass(10_000)
    expect([scene.silentAt, scene.probes]).toEqual([[], 0])
  })

  it('is looked for only while a request waits; then nothing is left', async () => {
    const { scene, watch } = createScene()
    watch.began('gpu')
    await scene.pass(1_000)
    scene.running = undefined
    await scene.pass(1_000)
    const { looks } = scene
    await scene.pass(60_000)
    expect([scene.looks - looks, scene.timers.size]).toEqual([0, 0])
    scene.running = { quietMs: 10_000 }
    watch.began('gpu')
    watch.close()
    expect(scene.timers.size).toBe(0)
  })
})
