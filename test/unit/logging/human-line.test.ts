import { describe, expect, it } from 'vitest'
import { humanLine } from '../../../gateway/logging/human-line.ts'

describe('a log line for people', () => {
  it('has time, level, sentence and fields', () => {
    const line = JSON.stringify({
      level: 40,
      time: 0,
      msg: 'The key is missing.',
      variable: 'MISTRAL_API_KEY',
      models: 2,
    })
    expect(humanLine(line)).toMatch(/^\d\d:\d\d:\d\d warning The key is missing\. variable=MISTRAL_API_KEY models=2\n$/)
  })

  it('shows an error by its code and message', () => {
    const line = JSON.stringify({
      level: 50,
      time: 0,
      msg: 'x',
      err: { type: 'Error', code: 'EACCES', message: 'denied' },
    })
    expect(humanLine(line)).toContain('err=EACCES: denied')
  })

  it('gives anything else back unchanged', () => {
    expect(humanLine('no json')).toBe('no json')
  })
})
