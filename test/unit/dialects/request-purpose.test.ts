import { describe, expect, test } from 'vitest'
import { purposeOf } from '../../../gateway/dialects/request-purpose.ts'

const title = { type: 'json_schema', schema: { type: 'object', properties: { title: { type: 'string' } } } }
const bare = { systemText: '', toolCount: 0 }

describe('the purpose of a request', () => {
  test('is a title where the agent asks for one', () => {
    const systemText = 'You are a title generator. You output ONLY a thread title.'
    expect(purposeOf({}, { systemText, toolCount: 0 })).toEqual({ purpose: 'title' })
    expect(purposeOf({ output_config: { format: title } }, bare)).toEqual({ purpose: 'title' })
    expect(purposeOf({ text: { format: title } }, bare)).toEqual({ purpose: 'title' })
  })

  test('is the work itself where tools come along, or the wanted form holds more', () => {
    expect(purposeOf({}, { systemText: 'You are a title generator.', toolCount: 1 })).toEqual({})
    expect(purposeOf({ text: { format: title } }, { systemText: '', toolCount: 1 })).toEqual({})
    const more = { ...title, schema: { properties: { title: {}, body: {} } } }
    expect(purposeOf({ text: { format: more } }, bare)).toEqual({})
    expect(purposeOf({ text: { format: { type: 'text' } }, output_config: null }, bare)).toEqual({})
    expect(purposeOf({}, { systemText: 'Write about title generators.', toolCount: 0 })).toEqual({})
  })
})
