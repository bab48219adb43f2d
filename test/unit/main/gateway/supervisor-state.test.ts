import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  isAlive,
  stepSupervisor,
  stoppedSupervision,
  supervision,
  type SupervisorEvent,
} from '../../../../main/gateway/supervisor-state.ts'

const listening: SupervisorEvent = { type: 'listening', url: 'http://127.0.0.1:4000', controlToken: 't' }
const crash: SupervisorEvent = { type: 'exited', code: 1 }

const run = (events: readonly [SupervisorEvent, number][]) => {
  let current = stoppedSupervision
  let effects: readonly { type: string }[] = []
  for (const [event, now] of events) ({ next: current, effects } = stepSupervisor(current, event, now))
  return { current, state: current.state, effects: effects.map((effect) => effect.type), raw: effects }
}

describe('starting and stopping', () => {
  it('forks once, however often it is asked', () => {
    const { state, effects } = run([
      [{ type: 'start' }, 0],
      [{ type: 'start' }, 1],
    ])
    expect(state.phase).toBe('starting')
    expect(effects).toEqual([])
  })

  it('is running when the child says where it listens', () => {
    expect(
      run([
        [{ type: 'start' }, 0],
        [listening, 5],
      ]).state,
    ).toEqual({
      phase: 'running',
      url: 'http://127.0.0.1:4000',
      controlToken: 't',
      since: 5,
    })
  })

  it('stops with a grace, then kills, and is stopped only when the child is gone', () => {
    const asked: [SupervisorEvent, number][] = [
      [{ type: 'start' }, 0],
      [listening, 5],
      [{ type: 'stop' }, 6],
    ]
    expect(run(asked)).toMatchObject({ state: { phase: 'stopping' }, effects: ['send-stop', 'set-timer'] })
    const overdue = run([...asked, [{ type: 'overdue' }, 20_000]])
    expect(overdue).toMatchObject({ state: { phase: 'stopping' }, effects: ['kill'] })
    expect(run([...asked, [{ type: 'exited', code: 0 }, 7]]).state).toEqual({ phase: 'stopped' })
  })

  it('starts again after a stop that a start followed', () => {
    const { state, effects } = run([
      [{ type: 'start' }, 0],
      [listening, 1],
      [{ type: 'stop' }, 2],
      [{ type: 'start' }, 3],
      [{ type: 'exited', code: 0 }, 4],
    ])
    expect(state.phase).toBe('starting')
    expect(effects).toContain('fork')
  })

  it('kills a child that does not listen in time, which then counts as a crash with the reason', () => {
    const overdue = run([
      [{ type: 'start' }, 0],
      [{ type: 'overdue' }, 60_000],
    ])
    expect(overdue.effects).toEqual(['kill'])
    const after = stepSupervisor(overdue.current, { type: 'exited', code: null }, 60_001)
    expect(after.next.state).toMatchObject({ phase: 'waiting', message: 'The gateway did not listen within 60 s.' })
  })
})

describe('after a crash', () => {
  it('waits twice as long each time, and gives up at the fifth crash in two minutes', () => {
    let current = stepSupervisor(stoppedSupervision, { type: 'start' }, 0).next
    const waits: number[] = []
    let now = 0
    for (let crashes = 0; crashes < 4; crashes += 1) {
      current = stepSupervisor(current, crash, now).next
      if (current.state.phase !== 'waiting') throw new Error(`unexpected ${current.state.phase}`)
      waits.push(current.state.retryAt - now)
      now = current.state.retryAt
      current = stepSupervisor(current, { type: 'retry-due' }, now).next
    }
    expect(waits).toEqual([500, 1000, 2000, 4000])
    expect(stepSupervisor(current, crash, now).next.state).toMatchObject({ phase: 'failed', cause: 'crash-loop' })
  })

  it('never waits longer than 30 s for crashes that are far apart', () => {
    let current = { ...stoppedSupervision, state: { phase: 'starting' } as const, streak: 20 }
    const { next } = stepSupervisor(current, crash, 0)
    expect(next.state).toMatchObject({ phase: 'waiting', retryAt: supervision.longestBackOffMs })
    current = { ...current, streak: 0 }
    expect(stepSupervisor(current, crash, 0).next.state).toMatchObject({ retryAt: 500 })
  })

  it('forgets earlier crashes once it ran for two minutes', () => {
    const running = { phase: 'running', url: 'http://h', controlToken: 't', since: 0 } as const
    const { next } = stepSupervisor({ ...stoppedSupervision, state: running, streak: 4 }, crash, 120_000)
    expect(next.state).toMatchObject({ phase: 'waiting', retryAt: 120_500 })
  })

  it('gives a person five attempts again', () => {
    const failed = {
      ...stoppedSupervision,
      state: { phase: 'failed', cause: 'crash-loop', message: 'x', offeredPort: undefined } as const,
    }
    const { next } = stepSupervisor({ ...failed, crashes: [1, 2, 3, 4, 5], streak: 5 }, { type: 'start' }, 6)
    expect(next).toMatchObject({ state: { phase: 'starting' }, crashes: [], streak: 0 })
  })
})

describe('what is not a crash', () => {
  it.each([
    [2, 'bad-config'],
    [3, 'port-taken'],
  ])('exit code %d is shown with the words of the child and not tried again', (code, cause) => {
    const { state, effects } = run([
      [{ type: 'start' }, 0],
      [{ type: 'failed', message: 'Port 4000 is held by LiteLLM (process 2210)' }, 1],
      [{ type: 'exited', code }, 2],
    ])
    expect(state).toMatchObject({ phase: 'failed', cause, message: 'Port 4000 is held by LiteLLM (process 2210)' })
    expect(effects).toEqual(['clear-timer'])
  })

  it('offers the free port that the child found, and starts there when it is taken up', () => {
    const failed = run([
      [{ type: 'start' }, 0],
      [{ type: 'failed', message: 'Port 4000 is held.', offeredPort: 4001 }, 1],
      [{ type: 'exited', code: 3 }, 2],
    ])
    expect(failed.state).toMatchObject({ cause: 'port-taken', offeredPort: 4001 })
    const again = stepSupervisor(failed.current, { type: 'start', port: 4001 }, 3)
    expect(again.effects[0]).toEqual({ type: 'fork', port: 4001 })
    // A crash, a pause and a restart stay on it; once the config has it, the config decides.
    const paused = [{ type: 'stop' }, { type: 'exited', code: 0 }, { type: 'start' }] as const
    const later = paused.reduce((step, event) => stepSupervisor(step.next, event, 4), again)
    expect(later.effects[0]).toEqual({ type: 'fork', port: 4001 })
    const kept = stepSupervisor(later.next, { type: 'port-kept' }, 5)
    const restarted = [{ type: 'exited', code: 1 }, { type: 'retry-due' }] as const
    expect(restarted.reduce((step, event) => stepSupervisor(step.next, event, 6), kept).effects[0]).toEqual({
      type: 'fork',
      port: undefined,
    })
  })
})

describe('for every order of events', () => {
  const event = fc.constantFrom<SupervisorEvent>(
    { type: 'start' },
    { type: 'stop' },
    { type: 'restart' },
    listening,
    { type: 'start', port: 4001 },
    { type: 'port-kept' },
    { type: 'failed', message: 'm' },
    { type: 'exited', code: 0 },
    crash,
    { type: 'exited', code: 2 },
    { type: 'exited', code: 3 },
    { type: 'retry-due' },
    { type: 'overdue' },
  )

  it('there is never more than one child, and a timer whenever something is waited for', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (events) => {
        let current = stoppedSupervision
        let children = 0
        let timer = false
        let now = 0
        for (const next of events) {
          // A child that does not exist cannot end.
          if (next.type === 'exited' && children === 0) continue
          if (next.type === 'exited') children -= 1
          now += 100
          const step = stepSupervisor(current, next, now)
          current = step.next
          for (const effect of step.effects) {
            if (effect.type === 'fork') children += 1
            if (effect.type === 'set-timer') timer = true
            if (effect.type === 'clear-timer') timer = false
          }
          expect(children).toBe(isAlive(current.state) ? 1 : 0)
          if (current.state.phase === 'waiting' || current.state.phase === 'stopping') expect(timer).toBe(true)
          if (current.state.phase === 'stopped' || current.state.phase === 'failed') expect(timer).toBe(false)
        }
      }),
    )
  })
})
