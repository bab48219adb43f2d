import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isRouteName, requireRoute } from '../../../gateway/access/allowed-routes.ts'
import type { AccessClass } from '../../../gateway/access/identity.ts'
import { readKeyDraft } from '../../../gateway/access/key-draft.ts'
import { GatewayError } from '../../../gateway/model/errors.ts'
import type { JsonObject } from '../../../gateway/model/json.ts'

const now = Date.parse('2026-11-24T12:00:00Z')
const read = (body: JsonObject, isChange = false) => readKeyDraft(body, { now, isChange })

describe('what is said of a key', () => {
  it('is read from the example of the article, monthly included', () => {
    const draft = read({
      models: ['smart', 'fast'],
      max_budget: 50.0,
      budget_duration: 'monthly',
      rpm_limit: 60,
      tpm_limit: 100_000,
      metadata: { team: 'backend-engineering' },
    })
    expect(draft).toMatchObject({
      models: ['smart', 'fast'],
      warnings: [],
      settings: {
        maxBudgetNanoUsd: 50_000_000_000,
        budgetDuration: 'monthly',
        rpm: 60,
        tpm: 100_000,
        metadata: { team: 'backend-engineering' },
      },
    })
  })

  it('is read in every field', () => {
    const draft = read({
      key_alias: 'a',
      duration: '30d',
      key_type: 'management',
      blocked: true,
      user_id: 'u',
      team_id: 't',
      agent: 'opencode',
      tags: ['x'],
      aliases: { gpt: 'small' },
      soft_budget: 0.5,
      max_parallel_requests: 3,
      model_max_budget: { m: { budget_limit: 1, time_period: '1d' }, n: { max_budget: 2 }, o: 3 },
      model_rpm_limit: { m: 1 },
      model_tpm_limit: { m: 2 },
      allowed_routes: ['llm_api_routes', '/v1/models'],
      on_limit: 'downgrade',
      unknown_price: 'allow',
    })
    expect(draft).toMatchObject({
      alias: 'a',
      lifetimeMs: 30 * 86_400_000,
      kind: 'management',
      blocked: true,
      warnings: [],
    })
    expect(draft.settings).toEqual({
      userId: 'u',
      teamId: 't',
      agent: 'opencode',
      tags: ['x'],
      aliases: { gpt: 'small' },
      softBudgetNanoUsd: 500_000_000,
      maxParallel: 3,
      modelBudgets: {
        m: { maxNanoUsd: 1_000_000_000, duration: '1d' },
        n: { maxNanoUsd: 2_000_000_000, duration: null },
        o: { maxNanoUsd: 3_000_000_000, duration: null },
      },
      modelRpm: { m: 1 },
      modelTpm: { m: 2 },
      allowedRoutes: ['llm_api_routes', '/v1/models'],
      onLimit: 'downgrade',
      unknownPrice: 'allow',
    })
  })

  it('means nothing where a new key has null, and takes the value away in a change', () => {
    const body = { max_budget: null, budget_duration: null, models: null, duration: null, key_alias: null }
    expect(read(body)).toMatchObject({ models: undefined, lifetimeMs: undefined, alias: undefined, settings: {} })
    expect(read(body, true)).toMatchObject({
      models: [],
      lifetimeMs: null,
      alias: null,
      settings: { maxBudgetNanoUsd: null, budgetDuration: null },
    })
  })

  it('is warned about where it has no effect, never silently dropped', () => {
    const { warnings } = read({ max_budgte: 5, guardrails: ['x'], something: 1, permissions: null })
    expect(warnings).toEqual([
      'max_budgte is not a known field and has no effect; did you mean max_budget?',
      'guardrails has no effect: there are no guardrails',
      'something is not a known field and has no effect',
    ])
  })

  it.each<[JsonObject, string, string]>([
    [{ max_budget: -5 }, 'max_budget', '-5'],
    [{ max_budget: '5' }, 'max_budget', '"5"'],
    [{ max_budget: 1e12 }, 'max_budget', '1000000000000'],
    [{ soft_budget: -0.1 }, 'soft_budget', '-0.1'],
    [{ budget_duration: 'fortnightly' }, 'budget_duration', '"fortnightly"'],
    [{ budget_duration: '0d' }, 'budget_duration', '"0d"'],
    [{ duration: 'monthly' }, 'duration', '"monthly"'],
    [{ rpm_limit: -1 }, 'rpm_limit', '-1'],
    [{ tpm_limit: 1.5 }, 'tpm_limit', '1.5'],
    [{ max_parallel_requests: 'many' }, 'max_parallel_requests', '"many"'],
    [{ models: 'smart' }, 'models', '"smart"'],
    [{ models: [1] }, 'models', 'a list'],
    [{ tags: [''] }, 'tags', 'a list'],
    [{ aliases: { a: 1 } }, 'aliases.a', '1'],
    [{ metadata: 'x' }, 'metadata', '"x"'],
    [{ blocked: 'yes' }, 'blocked', '"yes"'],
    [{ key_type: 'admin' }, 'key_type', '"admin"'],
    [{ on_limit: 'ignore' }, 'on_limit', '"ignore"'],
    [{ allowed_routes: ['chat'] }, 'allowed_routes', '"chat"'],
    [{ model_max_budget: { m: { budget_limit: -1 } } }, 'model_max_budget.m.budget_limit', '-1'],
    [{ model_max_budget: { m: { budget_limit: 1, time_period: 'x' } } }, 'model_max_budget.m.time_period', '"x"'],
    [{ model_rpm_limit: { m: -1 } }, 'model_rpm_limit.m', '-1'],
    [{ metadata: { on_limit: 'x' } }, 'metadata.on_limit', '"x"'],
  ])('is refused when it makes no sense: %j', (body, param, seen) => {
    let refusal: unknown
    try {
      read(body)
    } catch (thrown) {
      refusal = thrown
    }
    expect(refusal).toMatchObject({ code: 'invalid_field', status: 400, param })
    expect((refusal as GatewayError).message).toContain(`${param} is ${seen}; wanted `)
  })

  it('never throws anything but GatewayError, whatever JSON it is', () => {
    const names = ['key', 'models', 'max_budget', 'budget_duration', 'metadata', 'model_max_budget', 'tags', 'duration']
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), fc.jsonValue()), (body) => {
        try {
          read(body as JsonObject)
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(GatewayError)
        }
      }),
    )
  })
})

describe('the routes of a key', () => {
  const may = (allowed: string[], method: string, path: string, access: AccessClass): boolean => {
    try {
      requireRoute(allowed, { method, path, access })
      return true
    } catch {
      return false
    }
  }

  it.each<[string[], string, string, AccessClass, boolean]>([
    [[], 'POST', '/v1/chat/completions', 'llm', true],
    [['/chat/completions'], 'POST', '/v1/chat/completions', 'llm', true],
    [['/v1/chat/completions'], 'POST', '/chat/completions', 'llm', true],
    [['/v1/chat/completions'], 'POST', '/v1/embeddings', 'llm', false],
    [['/v1/*'], 'POST', '/v1/embeddings', 'llm', true],
    [['/key/*'], 'POST', '/key/generate', 'admin', true],
    [['/key/*'], 'POST', '/v1/embeddings', 'llm', false],
    [['llm_api_routes'], 'POST', '/v1/messages', 'llm', true],
    [['llm_api_routes'], 'POST', '/key/generate', 'admin', false],
    [['openai_routes'], 'POST', '/v1/messages', 'llm', false],
    [['anthropic_routes'], 'POST', '/v1/messages/count_tokens', 'llm', true],
    [['google_routes'], 'POST', '/v1beta/models/x:generateContent', 'llm', true],
    [['info_routes'], 'GET', '/key/info', 'any', true],
    [['info_routes'], 'GET', '/v1/models', 'llm', true],
    [['info_routes'], 'POST', '/v1/chat/completions', 'llm', false],
    [['management_routes'], 'POST', '/key/generate', 'admin', true],
    [['management_routes'], 'GET', '/spend/logs', 'admin', false],
    [['spend_tracking_routes'], 'GET', '/global/spend', 'admin', true],
  ])('%j for %s %s', (allowed, method, path, access, expected) =>
    expect(may(allowed, method, path, access)).toBe(expected),
  )

  it('are paths or known groups', () => {
    expect(['/v1/*', '/key/info', 'llm_api_routes', 'chat', '/a b', '/*/x'].map(isRouteName)).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
    ])
  })
})
