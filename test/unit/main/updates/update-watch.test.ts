import { describe, expect, it } from 'vitest'
import { createUpdateWatch } from '../../../../main/updates/update-watch.ts'
import { createElectronDouble, createLoggerDouble } from '../../../doubles/electron.ts'
import { createManualClock } from '../../../doubles/manual-clock.ts'

const settle = () => new Promise((resolve) => setImmediate(resolve))
const day = 24 * 3_600_000

function setUp(wanted: boolean) {
  const { ports, updates } = createElectronDouble()
  const clock = createManualClock()
  const wish = { wanted }
  const looks: number[] = []
  const port = {
    get obstacle() {
      return updates.obstacle
    },
    fetchNewer: (onFound: (version: string) => void) => {
      looks.push(clock.now())
      return ports.updates.fetchNewer(onFound)
    },
    install: () => ports.updates.install(),
  }
  const watch = createUpdateWatch({
    port,
    clock,
    logger: createLoggerDouble().logger,
    isWanted: () => wish.wanted,
    quitInto: (end) => end(),
  })
  return { watch, clock, updates, wish, looks }
}

describe('updates', () => {
  it('ask nobody until they are wanted', () => {
    const { watch, clock, looks } = setUp(false)
    watch.start()
    clock.advance(3 * day)
    expect([watch.view().state, looks.length, clock.pending()]).toEqual(['off', 0, 0])
  })

  it('are looked for a minute after the start and once a day, as long as they are wanted', async () => {
    const { watch, clock, looks, wish } = setUp(true)
    watch.start()
    clock.advance(60_000)
    await settle()
    clock.advance(day)
    await settle()
    expect([looks.length, watch.view().state]).toEqual([2, 'idle'])
    wish.wanted = false
    watch.refresh()
    expect([watch.view().state, clock.pending()]).toEqual(['off', 0])
  })

  it('wait for the user once they are there, and end the app in order', async () => {
    const { watch, clock, updates } = setUp(true)
    updates.newer = '0.2.0'
    watch.install()
    expect(updates.installs).toBe(0)
    watch.start()
    clock.advance(60_000)
    await settle()
    expect([watch.view(), clock.pending()]).toEqual([{ state: 'ready', version: '0.2.0', message: null }, 0])
    watch.refresh()
    watch.install()
    expect([watch.view().state, updates.installs]).toEqual(['ready', 1])
  })

  it('say why there are none for this copy, and what went wrong', async () => {
    const { watch, updates } = setUp(true)
    updates.obstacle = 'Only an installed copy is updated by itself.'
    watch.start()
    expect(watch.view()).toMatchObject({ state: 'unavailable', message: updates.obstacle })
    const clock = createManualClock()
    const failing = createUpdateWatch({
      port: { obstacle: undefined, fetchNewer: () => Promise.reject(new Error('no route')), install: () => undefined },
      clock,
      logger: createLoggerDouble().logger,
      isWanted: () => true,
      quitInto: () => undefined,
    })
    failing.start()
    clock.advance(60_000)
    await settle()
    expect(failing.view()).toMatchObject({ state: 'failed', message: 'No update was fetched: no route' })
    expect(clock.pending()).toBe(1)
  })
})
