import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Value } from 'typebox/value'
import { describe, expect, test } from 'vitest'
import { ExplanationSchema } from '../../../gateway/contract/routers.ts'
import { readAnyRequest } from '../../../gateway/dialects/read-any-request.ts'
import { explain } from '../../../gateway/routing/explain.ts'
import { explanationText } from '../../../gateway/routing/explanation-text.ts'
import { formatScore } from '../../../gateway/routing/reason-text.ts'
import { readRouteCase } from '../../../gateway/routing/route-cases.ts'
import {
  makeDeployment,
  makeFacts,
  makeRouter,
  makeSnapshot,
  makeTarget,
  refusalOf,
  seedPrompts,
} from './routing-fixtures.ts'

describe('explain', () => {
  test('tells every step of a decision in the shape of the contract', () => {
    const explanation = explain(makeFacts({ userText: seedPrompts.reasoning }), makeSnapshot())
    expect(Value.Check(ExplanationSchema, explanation)).toBe(true)
    expect(explanation).toMatchObject({
      model: 'router',
      router: 'router',
      tier: 'REASONING',
      wantedTier: 'REASONING',
      cause: 'score',
      boundaries: { simple_medium: 0.1, medium_complex: 0.25, complex_reasoning: 0.55 },
      candidates: [
        { model: 'thinker', deploymentId: 'thinker-id', provider: 'openai', upstreamModel: 'thinker', chainIndex: 0 },
      ],
      skipped: [],
      warnings: [],
    })
    expect(explanation.dimensions[3]).toEqual({
      name: 'technicalTerms',
      raw: 1,
      weight: 0.25,
      weighted: 0.25,
      fired: ['architecture', 'distributed', 'authentication', 'container', 'orchestration'],
    })
  })

  test('tells of a plain model that no router was asked', () => {
    const explanation = explain(makeFacts({ model: 'small' }), makeSnapshot())
    expect(Value.Check(ExplanationSchema, explanation)).toBe(true)
    expect(explanation).toMatchObject({ router: null, tier: null, score: null, boundaries: null, dimensions: [] })
  })

  test('tells the tier though nothing could answer, and why not', () => {
    const missing = makeDeployment('small', { apiKey: { kind: 'missing', names: ['NO_KEY'] } })
    const config = makeSnapshot().config
    const groups = new Map([...config.groups, ['small', [missing]]])
    const explanation = explain(makeFacts({ userText: 'hi' }), makeSnapshot({ config: { ...config, groups } }))
    expect(Value.Check(ExplanationSchema, explanation)).toBe(true)
    expect(explanation).toMatchObject({ router: 'router', tier: 'SIMPLE', candidates: [] })
    expect(explanation.skipped).toEqual([{ model: 'small', deploymentId: 'small-id', reason: 'NO_KEY is not set' }])
    expect(explanation.warnings.at(-1)).toContain('There is no provider key for small: set NO_KEY')
  })

  test('refuses what a request would be refused', () => {
    expect(refusalOf(() => explain(makeFacts({ model: 'none' }), makeSnapshot())).code).toBe('model_not_found')
  })

  test('a greeting after 50,000 tokens of history and tools is SIMPLE', () => {
    const hard = `${seedPrompts.reasoning} ${seedPrompts.complex} ${seedPrompts.medium}\n`
    const history = Array.from({ length: 800 }, () => [
      { role: 'user', content: hard },
      { role: 'assistant', content: hard },
    ]).flat()
    const tools = Array.from({ length: 40 }, () => ({ type: 'function', function: { name: 'api', description: hard } }))
    const messages = [{ role: 'system', content: hard }, ...history, { role: 'user', content: 'Hello' }]
    const facts = readAnyRequest({ body: { model: 'router', messages, tools } })
    expect(facts.bodyBytes / 4).toBeGreaterThan(50_000)
    expect(explain(facts, makeSnapshot())).toMatchObject({ tier: 'SIMPLE', reason: 'simple -0.20' })
  })

  test('the greetings of real agents are SIMPLE', () => {
    const lines = readFileSync(join(import.meta.dirname, '../../fixtures/routing/agent-requests.jsonl'), 'utf8').trim()
    const explanations = lines
      .split('\n')
      .map((line, index) => explain(readAnyRequest(readRouteCase(line, index + 1)), makeSnapshot()))
    expect(explanations.map(({ tier }) => tier)).toEqual(['SIMPLE', 'SIMPLE', 'SIMPLE', 'SIMPLE'])
  })
})

describe('explanationText', () => {
  test('is readable', () => {
    const tiers = {
      SIMPLE: [makeTarget('small')],
      COMPLEX: [makeTarget('ollama/x', { state: 'waiting' }), makeTarget('large')],
    }
    const deployments = [makeDeployment('small'), makeDeployment('large', { id: 'f'.repeat(64) })]
    const snapshot = makeSnapshot({
      deployments,
      routers: [makeRouter({ tiers })],
      config: { fallbacks: new Map([['*', ['small']]]) },
    })
    expect(explanationText(explain(makeFacts({ userText: seedPrompts.medium }), snapshot))).toBe(`router  router
tier    COMPLEX (wanted MEDIUM)
score   0.10 (MEDIUM from 0.1, COMPLEX from 0.25, REASONING from 0.55)
why     code 0.10

dimension    raw  weight  weighted  fired
tokens      0.00    0.00      0.00
code        1.00    0.10      0.10  async, error, api, database, refactor
reasoning   0.00    0.40      0.00
technical   0.00    0.25      0.00
simple      0.00    0.20      0.00
multi-step  0.00    0.03      0.00
questions   0.00    0.02      0.00

tries  upstream      place       deployment
large  openai/large  chosen      ffffffffffff
small  openai/small  fallback 1  small-id

skipped  ollama/x: waits for its backend
warning  Router router has no model for MEDIUM: COMPLEX is used instead.`)
  })

  test('of a plain model has no table', () => {
    expect(explanationText(explain(makeFacts({ model: 'small' }), makeSnapshot()))).toBe(`model   small (no router)

tries  upstream      place   deployment
small  openai/small  chosen  small-id`)
  })
})

test.each([
  [0.1, '0.10'],
  [-0.2, '-0.20'],
  [0.015, '0.015'],
  [0.595, '0.595'],
  [0.30000000000000004, '0.30'],
  [-0.0001, '0.00'],
  [1, '1.00'],
])('formatScore(%d) is %s', (value, expected) => {
  expect(formatScore(value)).toBe(expected)
})

describe('readRouteCase', () => {
  test.each([
    ['a bare body', '{"model":"m","messages":[]}', { body: { model: 'm', messages: [] } }],
    [
      'a whole request',
      '{"model":"m","headers":{"A":"b"},"body":{"x":1}}',
      { model: 'm', headers: { A: 'b' }, body: { x: 1 } },
    ],
    ['only a body', '{"body":{}}', { body: {} }],
  ])('reads %s', (_, line, expected) => {
    expect(readRouteCase(line, 1)).toEqual(expected)
  })

  test.each([
    ['{"model": canary', 'invalid_json', 'Line 7 is not JSON'],
    ['', 'invalid_json', 'Line 7 is not JSON'],
    ['[]', 'invalid_field', 'Line 7 is not a JSON object'],
    ['null', 'invalid_field', 'Line 7 is not a JSON object'],
    ['{"body":"canary"}', 'invalid_field', 'Line 7: the field "body"'],
    ['{"body":{},"model":1}', 'invalid_field', 'Line 7: the field "model"'],
    ['{"body":{},"headers":[]}', 'invalid_field', 'Line 7: the field "headers"'],
    ['{"body":{},"headers":{"a":1}}', 'invalid_field', 'Line 7: the field "headers.a"'],
    ['{"body":{},"heders":{}}', 'invalid_field', 'Line 7: the field "heders"'],
  ])('refuses %j and names the line', (line, code, message) => {
    const refusal = refusalOf(() => readRouteCase(line, 7))
    expect(refusal.code).toBe(code)
    expect(refusal.message).toContain(message)
    expect(refusal.message).not.toContain('canary')
  })

  test.each(['{"model":"a","model":"b","messages":[]}', '{"body":{"model":"a","model":"b","messages":[]}}'])(
    'refuses the repeated key of %j, as the gateway does',
    (line) => {
      expect(refusalOf(() => readRouteCase(line, 7)).code).toBe('duplicate_key')
    },
  )
})
