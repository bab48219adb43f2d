import type { RequestRecord } from '../../../gateway/ledger/request-record.ts'

/** A finished, routed, priced request; `given` replaces what a test is about. */
export function recordDouble(given: Partial<RequestRecord> & { readonly id: string }): RequestRecord {
  return {
    startedAt: Date.parse('2026-11-20T10:00:00Z'),
    keyId: 'ab'.repeat(32),
    keyAlias: 'laptop',
    agent: 'opencode',
    sessionId: 'ses_1',
    endUser: null,
    tags: ['team-a'],
    dialect: 'chat-completions',
    askedModel: 'frontier-router',
    router: 'frontier-router',
    tier: 'MEDIUM',
    score: 0.1,
    reason: 'code 0.10, technical 0.25',
    features: { v: 1, chars: 120, fired: ['function'] },
    modelName: 'gpt-5.4-mini',
    deploymentId: 'deployment-1',
    provider: 'openai',
    upstreamModel: 'gpt-5.4-mini',
    attempts: [
      {
        deploymentId: 'deployment-1',
        model: 'gpt-5.4-mini',
        status: 200,
        outcome: 'answered',
        startedMs: 1,
        durationMs: 840.5,
      },
    ],
    fallbacks: 0,
    status: 200,
    errorCode: null,
    stream: true,
    usage: { inputTokens: 1000, cachedTokens: 800, cacheWriteTokens: 0, outputTokens: 100, reasoningTokens: 60 },
    costNanoUsd: 2_500_000,
    priceSource: 'catalogue',
    firstTokenMs: 210.25,
    totalMs: 900.5,
    warnings: [],
    ...given,
  }
}
