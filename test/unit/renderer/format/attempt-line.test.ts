import { describe, expect, it } from 'vitest'
import { axisLength, layoutAttempt } from '../../../../renderer/format/attempt-line.ts'

const attempt = (outcome: string, startedMs: number, durationMs: number) => ({
  deploymentId: 'one',
  model: 'one',
  status: null,
  outcome,
  startedMs,
  durationMs,
})

describe('an attempt on the time axis', () => {
  const retried = [attempt('rate_limited', 0, 100), attempt('answered', 200, 800)]

  it('that failed is one span', () => {
    expect(axisLength(retried)).toBe(1_000)
    expect(layoutAttempt(retried, 0, 400)).toEqual([{ kind: 'failed', left: 0, width: 10 }])
  })

  it('that answered shows what it waited for, its silence and its answer', () => {
    expect(layoutAttempt(retried, 1, 400)).toEqual([
      { kind: 'held', left: 10, width: 10 },
      { kind: 'silent', left: 20, width: 20 },
      { kind: 'told', left: 40, width: 60 },
    ])
  })

  it('that ran beside another waited for nothing', () => {
    const hedged = [attempt('hedge_lost', 0, 900), attempt('answered', 300, 700)]
    expect(layoutAttempt(hedged, 1, null)).toEqual([{ kind: 'told', left: 30, width: 70 }])
  })

  it('is nothing where there is none', () => {
    expect(layoutAttempt([], 0, null)).toEqual([])
  })
})
