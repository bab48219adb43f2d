import { describe, expect, it } from 'vitest'
import { toSpendLog } from '../../../gateway/ledger/spend-logs-row.ts'
import { recordDouble } from './record-double.ts'

describe('a row of /spend/logs', () => {
  it('has every field LiteLLM’s scripts read', () => {
    const row = toSpendLog(recordDouble({ id: 'call-1', endUser: 'ann', costNanoUsd: 2_500_000 }))
    expect(row).toEqual({
      request_id: 'call-1',
      call_type: 'acompletion',
      api_key: 'ab'.repeat(32),
      spend: 0.0025,
      total_tokens: 1100,
      prompt_tokens: 1000,
      completion_tokens: 100,
      startTime: '2026-11-20T10:00:00.000Z',
      endTime: '2026-11-20T10:00:00.900Z',
      completionStartTime: '2026-11-20T10:00:00.210Z',
      request_duration_ms: 901,
      model: 'gpt-5.4-mini',
      model_id: 'deployment-1',
      model_group: 'gpt-5.4-mini',
      custom_llm_provider: 'openai',
      api_base: '',
      user: 'ann',
      metadata: {
        user_api_key_alias: 'laptop',
        asked_model: 'frontier-router',
        role: null,
        purpose: null,
        status: 200,
        stream: true,
        usage_object: {
          prompt_tokens: 1000,
          completion_tokens: 100,
          total_tokens: 1100,
          prompt_tokens_details: { cached_tokens: 800, cache_creation_tokens: 0 },
          completion_tokens_details: { reasoning_tokens: 60 },
        },
        cost_nano_usd: 2_500_000,
        billing: 'billed',
        estimated_nano_usd: 0,
        price_provenance: 'genai-prices openai/gpt-5.4-mini',
        savings_nano_usd: 7_500_000,
        price_source: 'catalogue',
        routing_decision: {
          router: 'frontier-router',
          tier: 'MEDIUM',
          score: 0.1,
          reason: 'code 0.10, technical 0.25',
        },
        attempts: recordDouble({ id: 'x' }).attempts,
        attempted_fallbacks: 0,
        error_information: null,
        warnings: [],
      },
      cache_hit: 'False',
      cache_key: 'Cache OFF',
      request_tags: ['team-a'],
      team_id: null,
      organization_id: null,
      end_user: 'ann',
      requester_ip_address: null,
      messages: {},
      response: {},
      session_id: 'ses_1',
      status: 'success',
      agent_id: 'opencode',
    })
  })

  it('says null, never 0, where the cost or the tokens of an answer are unknown', () => {
    const unpriced = recordDouble({ id: 'a', costNanoUsd: null, priceSource: 'unknown' })
    expect(toSpendLog(unpriced)).toMatchObject({ spend: null, total_tokens: 1100 })
    const uncounted = recordDouble({ id: 'b', costNanoUsd: null, usage: null })
    expect(toSpendLog(uncounted)).toMatchObject({ spend: null, total_tokens: null, prompt_tokens: null })
  })

  it('says 0 where nothing was spent: a refused request, a free model', () => {
    const refused = recordDouble({
      id: 'a',
      status: 401,
      errorCode: 'provider_key_missing',
      usage: null,
      costNanoUsd: null,
      priceSource: 'unknown',
      firstTokenMs: null,
      upstreamModel: null,
      modelName: null,
      router: null,
    })
    expect(toSpendLog(refused)).toMatchObject({
      spend: 0,
      total_tokens: 0,
      model: 'frontier-router',
      model_group: 'frontier-router',
      completionStartTime: null,
      status: 'failure',
      metadata: {
        routing_decision: null,
        error_information: { error_code: '401', error_class: 'provider_key_missing' },
      },
    })
    expect(toSpendLog(recordDouble({ id: 'b', costNanoUsd: 0, priceSource: 'override' })).spend).toBe(0)
  })

  it('bills nothing for what is not paid per token, and keeps the equivalent', () => {
    const row = toSpendLog(recordDouble({ id: 'a', billing: 'flat_rate', costNanoUsd: 77 }))
    expect([row.spend, row.metadata.cost_nano_usd, row.metadata.billing]).toEqual([0, 77, 'flat_rate'])
    expect(toSpendLog(recordDouble({ id: 'b', billing: 'local', costNanoUsd: null })).spend).toBe(0)
  })

  it('calls a stream that was cut after its 200 a failure', () => {
    expect(toSpendLog(recordDouble({ id: 'a', status: 200, errorCode: 'upstream_stream_cut' })).status).toBe('failure')
  })
})
