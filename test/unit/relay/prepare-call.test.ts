import type { ServerResponse } from 'node:http'
import { expect, it } from 'vitest'
import { chatCodec } from '../../../gateway/dialects/chat-completions/codec.ts'
import { readChatFacts } from '../../../gateway/dialects/chat-completions/read-facts.ts'
import { GatewayError } from '../../../gateway/model/errors.ts'
import { scanTopLevelFields } from '../../../gateway/model/json-fields.ts'
import type { ModelCall, Provider, TranslatedCall } from '../../../gateway/providers/provider.ts'
import { MissingWires } from '../../../gateway/relay/missing-wires.ts'
import { RefusedFields } from '../../../gateway/relay/refused-fields.ts'
import { CallPreparer } from '../../../gateway/relay/prepare-call.ts'
import { createReasoningCache } from '../../../gateway/relay/reasoning-cache.ts'
import { createToolValidation } from '../../../gateway/relay/tool-validation/tool-validation.ts'
import { deploymentDouble } from '../../doubles/deployment.ts'

const seen: ModelCall[] = []

/** Refuses a seed; the other one takes everything. */
function provider(adapter: 'anthropic' | 'gemini', refusesSeed: boolean): Provider {
  return {
    adapter,
    wire: adapter === 'anthropic' ? 'messages' : 'gemini',
    prepareNative: () => {
      throw new Error('translated calls only')
    },
    prepareModel: (call) => {
      if (refusesSeed && call.request.seed !== undefined) {
        throw new GatewayError('unsupported_field', 'no seed here', { param: 'seed' })
      }
      seen.push(call)
      return { warnings: [] } as unknown as TranslatedCall
    },
  }
}

function preparer(dropParams: boolean): CallPreparer {
  const json = { model: 'm', seed: 7, messages: [{ role: 'user', content: 'hi' }] }
  const body = Buffer.from(JSON.stringify(json))
  const strict = provider('anthropic', true)
  const lenient = provider('gemini', false)
  seen.length = 0
  return new CallPreparer(
    {
      callId: 'id',
      startedAt: 0,
      startedMonotonic: 0,
      caller: { keyId: 'k', keyAlias: null, userId: null, teamId: null, agent: null, sessionId: null },
      keyHeaders: {},
      facts: readChatFacts(json, body.length, {}),
      features: null,
      plan: {
        asked: 'm',
        candidates: [],
        skipped: [],
        onContextWindow: [],
        onContentPolicy: [],
        waiting: [],
        failFast: false,
        decision: undefined,
        warnings: [],
      },
      body,
      fields: scanTopLevelFields(body),
      codec: chatCodec,
      input: { body: json, headers: {}, url: {} },
      dialectHeaders: {},
      response: {} as ServerResponse,
    },
    {
      providers: {
        'openai-compatible': lenient,
        'openai-responses': lenient,
        demo: lenient,
        anthropic: strict,
        gemini: lenient,
        ollama: lenient,
      },
      missingWires: new MissingWires(),
      refusedFields: new RefusedFields(),
      toolValidation: createToolValidation({ mode: () => 'off' }),
      reasoning: createReasoningCache({ now: () => 0 }),
      dropParams: () => dropParams,
    },
  )
}

const candidate = (adapter: 'anthropic' | 'gemini') => ({
  deployment: deploymentDouble({ adapter, provider: adapter }),
  group: 'm',
  chainIndex: 0,
  defaults: {},
})

it('refuses what an upstream cannot carry', () => {
  expect(() => preparer(false).prepare(candidate('anthropic'))).toThrow('no seed here')
})

it('leaves it out under drop_params, and says so', () => {
  const { call } = preparer(true).prepare(candidate('anthropic'))
  expect(seen[0]?.request.seed).toBeUndefined()
  expect(call.warnings).toEqual(['dropped seed: anthropic does not accept it'])
})

it('gives it to the next upstream, which may carry it', () => {
  const calls = preparer(true)
  calls.prepare(candidate('anthropic'))
  const { call } = calls.prepare(candidate('gemini'))
  expect(seen[1]?.request.seed).toBe(7)
  expect(call.warnings).toEqual([])
})
