import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { SessionTurns } from '../../../../gateway/relay/deployments/session-turns.ts'

interface Named {
  readonly sessionKey: string
  readonly name: string
}

function turnsOf(...names: readonly string[]) {
  const turns = new SessionTurns<Named>()
  const served: string[] = []
  for (const name of names) turns.add({ sessionKey: name.charAt(0), name })
  const next = (wanted: (name: string) => boolean = () => true): boolean =>
    turns.next(({ name }) => {
      if (!wanted(name)) return false
      served.push(name)
      return true
    })
  const drain = (): readonly string[] => {
    while (next()) continue
    return served
  }
  return { turns, next, drain, served }
}

describe('turns', () => {
  test('go round the sessions, within one in order of arrival', () => {
    expect(turnsOf('a1', 'a2', 'a3', 'b1', 'b2', 'c1').drain()).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3'])
  })

  test('one that asks now and then comes before those that ask all the time', () => {
    const { turns, drain } = turnsOf()
    const background = Array.from({ length: 30 }, (_, agent) => `background ${agent}`)
    for (const sessionKey of background) turns.served(sessionKey)
    for (const sessionKey of background) turns.add({ sessionKey, name: sessionKey })
    turns.add({ sessionKey: 'foreground', name: 'foreground' })
    expect(drain()[0]).toBe('foreground')
  })

  test('ever new sessions do not keep a known one waiting', () => {
    const { turns, next, served } = turnsOf()
    turns.served('k')
    turns.add({ sessionKey: 'k', name: 'known' })
    for (let session = 0; session < 5; session += 1) {
      turns.add({ sessionKey: `new ${session}`, name: `new ${session}` })
      next()
    }
    expect(served.indexOf('known')).toBeLessThanOrEqual(1)
  })

  test('who cannot be served keeps the place and holds nobody up', () => {
    const { next, served } = turnsOf('a1', 'b1')
    next((name) => !name.startsWith('a'))
    next()
    expect(served).toEqual(['b1', 'a1'])
  })

  test('while a session waits no other is served twice, whoever comes and leaves', () => {
    const step = fc.record({ what: fc.constantFrom('add', 'add', 'serve', 'serve', 'leave'), session: fc.nat(6) })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
        const turns = new SessionTurns<Named>()
        const waiting: Named[] = []
        /** How often others were served since a session began to wait. */
        const passedBy = new Map<string, Map<string, number>>()
        for (const [name, { what, session }] of steps.entries()) {
          const sessionKey = `s${session}`
          if (what === 'add') {
            const waiter = { sessionKey, name: String(name) }
            if (!waiting.some((other) => other.sessionKey === sessionKey)) passedBy.set(sessionKey, new Map())
            waiting.push(waiter)
            turns.add(waiter)
          } else if (what === 'leave') {
            const [gone] = waiting.splice(session, 1)
            if (gone !== undefined) turns.remove(gone)
          } else {
            turns.next((waiter) => {
              waiting.splice(waiting.indexOf(waiter), 1)
              for (const other of new Set(waiting.map((each) => each.sessionKey))) {
                const counts = passedBy.get(other) ?? new Map<string, number>()
                counts.set(waiter.sessionKey, (counts.get(waiter.sessionKey) ?? 0) + 1)
                if (other !== waiter.sessionKey) expect(counts.get(waiter.sessionKey)).toBeLessThanOrEqual(1)
              }
              passedBy.set(waiter.sessionKey, new Map())
              return true
            })
          }
          expect(turns.size).toBe(waiting.length)
        }
      }),
    )
  })
})
