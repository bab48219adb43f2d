import { Value } from 'typebox/value'
import { describe, expect, it } from 'vitest'
import { RequestViewSchema } from '../../../gateway/contract/requests.ts'
import { requestView, runningView, withFirstToken } from '../../../gateway/ledger/request-view.ts'
import { recordDouble } from './record-double.ts'

const running = {
  id: 'call-1',
  startedAt: 1000,
  askedModel: 'a-router',
  role: null,
  purpose: null,
  model: 'small',
  provider: 'openai',
  decision: { router: 'a-router', tier: 'SIMPLE', score: -0.2, reason: 'short' },
  agent: 'opencode',
  sessionId: 'ses_1',
  keyAlias: 'laptop',
  stream: true,
} as const

describe('the view of a request', () => {
  it('fits the contract in each phase', () => {
    const views = [
      runningView(running),
      withFirstToken(runningView({ ...running, decision: undefined, model: null }), 12),
      requestView(recordDouble({ id: 'call-1' })),
      requestView(recordDouble({ id: 'call-2', usage: null, costNanoUsd: null, status: 503, attempts: [] })),
    ]
    for (const view of views) expect([...Value.Errors(RequestViewSchema, view)]).toEqual([])
  })

  it('shows what is known while it runs', () => {
    const view = runningView(running)
    expect(view).toMatchObject({
      phase: 'running',
      router: 'a-router',
      tier: 'SIMPLE',
      score: -0.2,
      firstTokenMs: null,
    })
    expect(withFirstToken(view, 210.5)).toEqual({ ...view, firstTokenMs: 210.5 })
  })

  it('shows the row when it has ended', () => {
    const record = recordDouble({ id: 'call-1', errorCode: 'upstream_error', warnings: ['one'] })
    expect(requestView(record)).toMatchObject({
      phase: 'finished',
      model: record.modelName,
      session: record.sessionId,
      usage: record.usage,
      attempts: record.attempts,
      costNanoUsd: record.costNanoUsd,
      warnings: ['one'],
    })
  })
})
