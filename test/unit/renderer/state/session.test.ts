import { describe, expect, it } from 'vitest'
import { ControlError } from '../../../../gateway/contract/control-client.ts'
import { reconnectDelay } from '../../../../renderer/state/event-stream.ts'
import { readPage, writePage } from '../../../../renderer/state/page.ts'
import { beginSession, readToken, type SessionDependencies } from '../../../../renderer/state/session.ts'

function memoryStorage(token?: string) {
  const values = new Map(token === undefined ? [] : [['signalbox.session', token]])
  return {
    getItem: (name: string) => values.get(name) ?? null,
    setItem: (name: string, value: string) => void values.set(name, value),
    removeItem: (name: string) => void values.delete(name),
  }
}

function begin(part: Partial<SessionDependencies>) {
  let removed = false
  const storage = part.storage ?? memoryStorage()
  const started = beginSession({
    protocol: 'http:',
    fragment: '',
    exchange: (code) => Promise.resolve({ token: `token of ${code}` }),
    removeFragment: () => {
      removed = true
    },
    ...part,
    storage,
  })
  return started.then((start) => ({ state: start.state, token: readToken(storage), removed }))
}
const refuse = () => Promise.reject(new ControlError(401, 'invalid_key', 'used'))
const silence = () => Promise.reject(new TypeError('Failed to fetch'))

describe('beginSession', () => {
  it('trades the code for a token and takes it out of the address', async () => {
    expect(await begin({ fragment: '#code=abc' })).toEqual({ state: 'ready', token: 'token of abc', removed: true })
  })
  it('goes on with the session this tab has', async () => {
    expect(await begin({ storage: memoryStorage('mine') })).toEqual({ state: 'ready', token: 'mine', removed: false })
  })
  it('asks for a link without either', async () => {
    expect((await begin({})).state).toBe('no-link')
    expect((await begin({ fragment: '#/routers' })).state).toBe('no-link')
  })
  it('tells a used link from a gateway that is away, and keeps the code of the latter', async () => {
    expect(await begin({ fragment: '#code=abc', exchange: refuse })).toMatchObject({
      state: 'used-link',
      removed: true,
    })
    expect(await begin({ fragment: '#code=abc', exchange: silence })).toMatchObject({
      state: 'unreachable',
      removed: false,
    })
  })
  it('keeps the session when its own link is opened once more', async () => {
    const again = { fragment: '#code=abc', exchange: refuse, storage: memoryStorage('mine') }
    expect(await begin(again)).toEqual({ state: 'ready', token: 'mine', removed: true })
  })
  it('needs nothing inside the desktop application', async () => {
    expect((await begin({ protocol: 'app:', exchange: refuse })).state).toBe('ready')
  })
})

describe('reconnectDelay', () => {
  it('doubles from half a second and stops growing at fifteen', () => {
    expect([0, 1, 2, 5, 50].map((attempt) => reconnectDelay(attempt, 0))).toEqual([500, 1_000, 2_000, 15_000, 15_000])
  })
  it('takes off up to a fifth', () => expect(reconnectDelay(0, 1)).toBe(400))
})

describe('readPage', () => {
  it.each(['#/activity', '#/activity/a%2Fb', '#/routers', '#/routers/my%20router'])('reads back %s', (fragment) =>
    expect(writePage(readPage(fragment))).toBe(fragment),
  )
  it.each(['', '#', '#/nothing', '#code=1', '#/activity/%E0%A4%A'])('takes %s for the list', (fragment) =>
    expect(readPage(fragment).name).toBe('activity'),
  )
})
