import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { expandText } from '../../../gateway/config/source/references.ts'
import { editDistance, nearestName } from '../../../gateway/config/source/nearest-name.ts'

const values: Readonly<Record<string, string>> = { A: 'one', B_2: 'two', EMPTY: '', BLANK: '  ', TRICK: '${A}' }
const lookup = (name: string) => (Object.hasOwn(values, name) ? values[name] : undefined)

describe('references in text', () => {
  it.each([
    ['plain', { kind: 'literal', text: 'plain' }],
    ['$A and {A}', { kind: 'literal', text: '$A and {A}' }],
    ['see os.environ/A', { kind: 'literal', text: 'see os.environ/A' }],
    ['os.environ/A', { kind: 'expanded', text: 'one', names: ['A'] }],
    ['os.environ/GONE', { kind: 'missing', names: ['GONE'] }],
    ['os.environ/EMPTY', { kind: 'missing', names: ['EMPTY'] }],
    ['os.environ/BLANK', { kind: 'missing', names: ['BLANK'] }],
    ['http://${A}:${B_2}/v1', { kind: 'expanded', text: 'http://one:two/v1', names: ['A', 'B_2'] }],
    ['${GONE:-fallback}', { kind: 'expanded', text: 'fallback', names: ['GONE'] }],
    ['${EMPTY:-}', { kind: 'expanded', text: '', names: ['EMPTY'] }],
    ['${A:-fallback}', { kind: 'expanded', text: 'one', names: ['A'] }],
    ['${GONE:-${LOST:-${A}}}!', { kind: 'expanded', text: 'one!', names: ['GONE', 'LOST', 'A'] }],
    ['${A:-${B_2}}', { kind: 'expanded', text: 'one', names: ['A'] }],
    ['${GONE:-${LOST}}', { kind: 'missing', names: ['LOST'] }],
    ['${A:?set A}', { kind: 'expanded', text: 'one', names: ['A'] }],
    ['${GONE:?set it}', { kind: 'missing', names: ['GONE'] }],
    ['${A:-open', { kind: 'literal', text: '${A:-open' }],
    ['${GONE} ${GONE} ${LOST}', { kind: 'missing', names: ['GONE', 'LOST'] }],
    ['$${A}', { kind: 'literal', text: '${A}' }],
    ['${TRICK}', { kind: 'expanded', text: '${A}', names: ['TRICK'] }],
    ['${not a name}', { kind: 'literal', text: '${not a name}' }],
    ['${', { kind: 'literal', text: '${' }],
  ])('%s', (text, expected) => {
    expect(expandText(text, lookup)).toEqual(expected)
  })

  it('of any text never throw, and text without $ and os.environ/ stands for itself', () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom('os.environ/', '${', '}', ':-', '$$', 'A', 'GONE', '${A}', '${B_2:-x}'),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join('')
        const expanded = expandText(text, lookup)
        if (!text.includes('${') && !text.startsWith('os.environ/')) expect(expanded).toEqual({ kind: 'literal', text })
        if (expanded.kind === 'missing') expect(expanded.names.length).toBeGreaterThan(0)
      }),
    )
  })

  it('put the value in as it is, whatever replacement signs it holds', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1 }).filter((value) => value.trim() !== ''),
        (value) => {
          expect(expandText('<${X}>', () => value)).toMatchObject({ text: `<${value}>` })
        },
      ),
    )
  })
})

describe('the nearest name', () => {
  const names = ['api_base', 'api_key', 'timeout', 'gpt-5.4-mini', 'gpt-5.4']

  it.each([
    ['api_bse', 'api_base'],
    ['apibase', 'api_base'],
    ['API-KEY', 'api_key'],
    ['tiemout', 'timeout'],
    ['gpt5.4', 'gpt-5.4'],
    ['zebra', undefined],
    ['', undefined],
    ['x'.repeat(5000), undefined],
  ])('of %s is %s', (name, nearest) => {
    expect(nearestName(name, names)).toBe(nearest)
  })

  it('is measured by a distance that is 0 only for the same text and does not depend on the order', () => {
    const word = fc.string({ maxLength: 12 })
    fc.assert(
      fc.property(word, word, (left, right) => {
        const distance = editDistance(left, right)
        expect(distance === 0).toBe(left === right)
        expect(distance).toBe(editDistance(right, left))
        expect(distance).toBeLessThanOrEqual(Math.max(left.length, right.length))
        expect(editDistance(left, right, distance)).toBe(distance)
        expect(editDistance(left, right, distance - 1)).toBe(Number.POSITIVE_INFINITY)
      }),
    )
  })
})
