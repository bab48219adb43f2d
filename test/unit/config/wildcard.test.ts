import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fillWildcard, matchWildcard } from '../../../gateway/config/wildcard.ts'

test.each([
  ['openai/*', 'openai/gpt-5', ['gpt-5']],
  ['*', 'anything/at all', ['anything/at all']],
  ['*-turbo', 'glm-5-turbo', ['glm-5']],
  ['a*b*c', 'a1b2c', ['1', '2']],
  ['a*b*c', 'abbbc', ['', 'bb']],
  ['openai/*', 'openai/', ['']],
  ['exact', 'exact', []],
  ['openai/*', 'azure/x', undefined],
  ['*-turbo', 'glm-5-turbo-2', undefined],
  ['ab*ba', 'aba', undefined],
  ['exact', 'exactly', undefined],
])('%s and %s', (pattern, name, captures) => {
  expect(matchWildcard(pattern, name)).toEqual(captures)
})

test('what was captured, put back into the pattern, is the name', () => {
  const piece = fc.string({ unit: fc.constantFrom('a', 'b', '/', '-'), maxLength: 4 })
  fc.assert(
    fc.property(fc.array(piece, { minLength: 1, maxLength: 4 }), fc.array(piece, { maxLength: 3 }), (parts, texts) => {
      const pattern = parts.join('*')
      const name = parts.map((part, index) => part + (index < parts.length - 1 ? (texts[index] ?? '') : '')).join('')
      const captures = matchWildcard(pattern, name)
      expect(captures).toHaveLength(parts.length - 1)
      expect(fillWildcard(pattern, captures ?? [], name)).toBe(name)
    }),
  )
})

test.each([
  ['team-*', ['x'], 'team-x'],
  ['fixed', ['x'], 'fixed'],
  ['only-*', ['x', 'y'], 'whole-name'],
  ['*/*', ['x'], 'x/'],
])('%s filled with %j is %s', (target, captures, filled) => {
  expect(fillWildcard(target, captures, 'whole-name')).toBe(filled)
})
