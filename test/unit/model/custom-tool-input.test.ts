import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { customToolAsFunction, unwrapCustomInput, wrapCustomInput } from '../../../gateway/model/custom-tool-input.ts'

describe('freeform tools on a wire that knows functions only', () => {
  it('offers one text property and tells the grammar', () => {
    const tool = customToolAsFunction({
      type: 'custom',
      name: 'apply_patch',
      description: 'Edits files.',
      format: { type: 'grammar', syntax: 'lark', definition: 'start: "x"' },
    })
    expect(tool.parameters).toMatchObject({ type: 'object', required: ['input'] })
    expect(tool.description).toBe('Edits files.\n\nThe input must match this lark grammar:\nstart: "x"')
  })

  it.each([
    ['{"input":"*** Begin Patch\\n+\\"a\\""}', '*** Begin Patch\n+"a"'],
    ['{"patch":"p"}', 'p'],
    ['{"code":"c"}', 'c'],
    ['*** Begin Patch', '*** Begin Patch'],
    ['{"input":"a","more":1}', '{"input":"a","more":1}'],
    ['{"input":1}', '{"input":1}'],
    ['["input"]', '["input"]'],
    ['', ''],
  ])('opens %s', (written, raw) => {
    expect(unwrapCustomInput(written)).toBe(raw)
  })

  it('gives back any input that it wrapped', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (input) => unwrapCustomInput(wrapCustomInput(input)) === input),
    )
  })
})
