import { describe, expect, it } from 'vitest'
import { lines, loadText } from './load-text.ts'

describe('files made to hurt', () => {
  it('stops at aliases that unfold without end', () => {
    const bomb = ['a: &a [x,x,x,x,x,x,x,x,x,x]']
    for (const [from, to] of ['ab', 'bc', 'cd', 'de', 'ef', 'fg'])
      bomb.push(`${to}: &${to} [${Array(10).fill(`*${from}`).join(',')}]`)
    expect(lines(loadText(bomb.join('\n')), 'error')[0]).toMatch(/unfolds to more than 200000 values/)
  })

  it('stops at an alias inside itself', () => {
    expect(lines(loadText('a: &a [*a]\n'), 'error')[0]).toMatch(/nested deeper than 60 levels/)
  })

  it('stops at nesting of thousands of levels', () => {
    expect(loadText('['.repeat(30_000)).config).toBeUndefined()
  })

  it('suggests a name for the first hundred unknown ones only, since each suggestion compares with the whole file', () => {
    const wrong = Array.from({ length: 130 }, (_, index) => `goodd${index}`).join(', ')
    const loaded = loadText(
      `model_list:\n  - model_name: good1\n    litellm_params: {model: openai/x, api_key: k}\nrouter_settings: {fallbacks: [{good1: [${wrong}]}]}\n`,
    )
    expect(loaded.problems).toHaveLength(130)
    expect(loaded.problems.slice(0, 10).every((problem) => problem.nearest === 'good1')).toBe(true)
    expect(loaded.problems.slice(100).every((problem) => problem.nearest === null)).toBe(true)
  })

  it('says that a file is not UTF-8', () => {
    const text = 'model_list:\n  - model_name: a\u00e4\n    litellm_params: {model: openai/x, api_key: k}\n'
    expect(lines(loadText(Buffer.from(text, 'utf16le').toString('utf8')), 'error')).toEqual([
      'null:null The file is not UTF-8 text (UTF-16 or binary). Save it as UTF-8',
    ])
    expect(lines(loadText(Buffer.from(text, 'latin1').toString('utf8')), 'warning')).toEqual([
      '2:18 A character here is not UTF-8 and was lost. Save the file as UTF-8',
    ])
  })

  it('refuses more than 4 MB', () => {
    expect(lines(loadText(`# ${'x'.repeat(4 * 1024 * 1024)}`), 'error')).toEqual([
      'null:null The file is larger than 4 MB and is not read',
    ])
  })

  it('takes __proto__ and constructor for plain unknown keys', () => {
    const { config } = loadText('__proto__: {polluted: true}\nconstructor: 1\ntoString: 2\n')
    expect(config).toBeDefined()
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
  })
})
