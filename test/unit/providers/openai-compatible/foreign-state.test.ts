import { describe, expect, test } from 'vitest'
import { scanTopLevelFields } from '../../../../gateway/model/json-fields.ts'
import { sealState } from '../../../../gateway/model/sealed-state.ts'
import { messagesWithoutSealedState } from '../../../../gateway/providers/openai-compatible/foreign-state.ts'
import { deploymentDouble } from '../../../doubles/deployment.ts'

const sealed = sealState([{ scope: 'anthropic:one', kind: 'signature', data: 'abc' }])
const call = { id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{}' } }

function clean(messages: unknown): unknown {
  const body = Buffer.from(JSON.stringify({ model: 'm', messages }))
  const fields = scanTopLevelFields(body)
  const text = messagesWithoutSealedState({
    deployment: deploymentDouble({}),
    body,
    fields,
    stream: false,
    defaults: {},
    dialectHeaders: {},
  })
  return text === undefined ? undefined : JSON.parse(text)
}

describe('state that was sealed for another upstream', () => {
  test('goes out of reasoning_details and of tool calls', () => {
    const extra = { extra_content: { google: { thought_signature: sealed } } }
    const turn = {
      role: 'assistant',
      content: null,
      reasoning_details: [{ type: 'reasoning.encrypted', data: sealed }],
      tool_calls: [{ ...call, ...extra }],
    }
    expect(clean([{ role: 'user', content: 'hello' }, turn])).toEqual([
      { role: 'user', content: 'hello' },
      { role: 'assistant', content: null, tool_calls: [call] },
    ])
  })

  test("leaves an upstream's own state beside it", () => {
    const own = { type: 'reasoning.encrypted', data: 'its own' }
    const details = [{ type: 'reasoning.encrypted', data: sealed }, own]
    expect(clean([{ role: 'assistant', content: 'a', reasoning_details: details }])).toEqual([
      { role: 'assistant', content: 'a', reasoning_details: [own] },
    ])
  })

  test.each([
    ['without any', [{ role: 'user', content: 'hello' }]],
    ['that only talk of it', [{ role: 'user', content: sealed }]],
    ['that are no list', sealed],
    ['that are no objects', [sealed, null, 1]],
  ])('messages %s keep their bytes', (_name, messages) => {
    expect(clean(messages)).toBeUndefined()
  })
})
