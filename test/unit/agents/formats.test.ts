import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import type { FormatName } from '../../../gateway/agents/agent.ts'
import { applySettings, takeBackSettings } from '../../../gateway/agents/engine/settings.ts'
import { formatOf } from '../../../gateway/agents/formats/formats.ts'
import type { JsonObject, JsonValue } from '../../../gateway/model/json.ts'

const key = fc.stringMatching(/^[a-z][a-z_-]{0,8}$/u)
const scalar = fc.oneof(fc.string(), fc.integer(), fc.boolean())
const value: fc.Arbitrary<JsonValue> = fc.oneof(
  scalar,
  fc.array(scalar, { maxLength: 3 }),
  fc.dictionary(key, scalar, { maxKeys: 3, noNullPrototype: true }),
)
const content = fc.dictionary(key, fc.oneof(value, fc.dictionary(key, value, { maxKeys: 3, noNullPrototype: true })), {
  maxKeys: 5,
  noNullPrototype: true,
})
interface Layout {
  readonly indent: string | undefined
  readonly windows: boolean
  readonly mark: boolean
  readonly comments: boolean
  readonly comma: boolean
}

const layout: fc.Arbitrary<Layout> = fc.record({
  indent: fc.constantFrom('\t', '  ', '    ', undefined),
  windows: fc.boolean(),
  mark: fc.boolean(),
  comments: fc.boolean(),
  comma: fc.boolean(),
})

/** JSON as people leave it behind: comments at the ends of lines, trailing commas, tabs, CRLF, a byte order mark. */
function write(object: JsonObject, { indent, windows, mark, comments, comma }: Layout): string {
  let text = JSON.stringify(object, undefined, indent)
  if (comma && indent !== undefined) text = text.replaceAll(/(?<=[^{[,\s])\n(?=\s*[}\]])/gu, ',\n')
  if (comments && indent !== undefined) text = text.replaceAll(/([,{[])\n/gu, '$1 // note\n')
  return (mark ? '\uFEFF' : '') + (windows ? text.replaceAll('\n', '\r\n') : text)
}

const settings = fc.uniqueArray(
  fc.record({ path: fc.tuple(fc.constantFrom('ours', 'provider'), fc.constantFrom('signalbox', 'x')), value }),
  { minLength: 1, maxLength: 3, selector: ({ path }) => path.join('.') },
)

describe('an edit of JSON with comments', () => {
  it('sets what it should, touches nothing else, is the same twice, and goes without a trace', () => {
    fc.assert(
      fc.property(content, layout, settings, (object, style, wanted) => {
        const { ours: _, provider: __, ...foreign } = object
        const text = write(foreign, style)
        const { text: edited, applied } = applySettings(text, 'jsonc', wanted)
        const after = formatOf('jsonc').parse(edited) as JsonObject
        const last = wanted.at(-1)
        expect((after[last?.path[0] ?? ''] as JsonObject)[last?.path[1] ?? '']).toEqual(last?.value)
        for (const [name, old] of Object.entries(foreign)) expect(after[name]).toEqual(old)
        expect(edited.match(/\/\/ note/gu)).toEqual(text.match(/\/\/ note/gu))
        if (text.includes('\r\n')) expect(edited.replaceAll('\r\n', '')).not.toContain('\n')
        expect(applySettings(edited, 'jsonc', wanted).text).toBe(edited)
        const back = takeBackSettings(edited, 'jsonc', applied)
        expect(formatOf('jsonc').parse(back.text)).toEqual(foreign)
        expect(back.kept).toEqual([])
      }),
    )
  })
})

describe('an edit of TOML', () => {
  const tables = fc.dictionary(key, fc.dictionary(key, scalar, { maxKeys: 3, noNullPrototype: true }), {
    maxKeys: 3,
    noNullPrototype: true,
  })

  it('sets keys and tables beside foreign ones and takes them out again', () => {
    fc.assert(
      fc.property(
        tables,
        fc.boolean(),
        fc.dictionary(key, scalar, { minKeys: 1, maxKeys: 3, noNullPrototype: true }),
        (foreign, windows, ours) => {
          const lines = Object.entries(foreign).flatMap(([table, entries]) => [
            `[t_${table}] # ${table}`,
            ...Object.entries(entries).map(
              ([name, entry]) => `${name} = ${JSON.stringify(entry).replaceAll('\u007F', '')} # note`,
            ),
            '',
          ])
          const text = ['# top', 'model = "old"', ...lines].join(windows ? '\r\n' : '\n')
          const before = formatOf('toml').parse(text) as JsonObject
          const wanted = [
            { path: ['model'], value: 'new' },
            { path: ['fresh'], value: 1 },
            { path: ['model_providers', 'signalbox'], value: ours },
          ]
          const { text: edited, applied } = applySettings(text, 'toml', wanted)
          expect(formatOf('toml').parse(edited)).toEqual({
            ...before,
            model: 'new',
            fresh: 1,
            model_providers: { signalbox: ours },
          })
          expect(applySettings(edited, 'toml', wanted).text).toBe(edited)
          expect(formatOf('toml').parse(takeBackSettings(edited, 'toml', applied).text)).toEqual(before)
        },
      ),
    )
  })
})

describe('a table of TOML that is closed', () => {
  it.each([
    ['model_providers = { x = 1 }\n', 1, 1],
    ['# top\nmodel_providers.signalbox.name = "x"\n', 2, 1],
    ['[model_providers]\nsignalbox.name = "x"\n', 2, 1],
  ])('is not opened again by a header, which TOML forbids: %j', (text, line, column) => {
    const ours = [{ path: ['model_providers', 'signalbox'], value: { name: 'S' } }]
    expect(() => applySettings(text, 'toml', ours)).toThrow(expect.objectContaining({ line, column }))
  })

  it('keeps no other one from being added', () => {
    const text = '[model_providers]\nother.name = "x"\n'
    const ours = [{ path: ['model_providers', 'signalbox'], value: { name: 'S' } }]
    const { text: edited } = applySettings(text, 'toml', ours)
    expect(edited).toBe(`${text}\n[model_providers.signalbox]\nname = "S"\n`)
  })
})

describe('an edit of YAML', () => {
  const style = fc.record({
    indent: fc.constantFrom(2, 4),
    windows: fc.boolean(),
    mark: fc.boolean(),
    comments: fc.boolean(),
    flow: fc.boolean(),
  })
  type Style = typeof style extends fc.Arbitrary<infer Value> ? Value : never

  /** YAML as people leave it behind: comments on lines of their own, flow collections, two indents, CRLF, a byte order mark. */
  const writeYaml = (object: JsonObject, { indent, windows, mark, comments, flow }: Style): string => {
    const blocks = Object.entries(object).map(([name, entry], index) => {
      const text = stringify({ [name]: entry }, { indent, lineWidth: 0, collectionStyle: flow ? 'flow' : 'any' })
      // A document of one flow collection would be a line of its own kind.
      const block = flow ? `${name}: ${stringify(entry, { collectionStyle: 'flow', lineWidth: 0 })}` : text
      return comments ? `# note ${index}\n${block}` : block
    })
    const text = `${comments ? '# top\n' : ''}${blocks.join('')}${comments ? '# end\n' : ''}`
    return (mark ? '\uFEFF' : '') + (windows ? text.replaceAll('\n', '\r\n') : text)
  }
  const entries = fc.array(fc.record({ name: fc.constantFrom('a', 'b', 'c'), provider: scalar }), { maxLength: 3 })

  it('sets values and an item of a list, touches nothing else, is the same twice, and goes without a trace', () => {
    fc.assert(
      fc.property(content, entries, style, settings, (object, models, layoutOfFile, wanted) => {
        const { ours: _, provider: __, ...others } = object
        const foreign: JsonObject = models.length === 0 ? others : { ...others, models }
        const text = writeYaml(foreign, layoutOfFile)
        const item = {
          path: ['models', { field: 'name', value: 'signalbox' }],
          value: { name: 'signalbox', model: 'x' },
        }
        const { text: edited, applied } = applySettings(text, 'yaml', [...wanted, item])
        const { ours, provider, models: after, ...left } = formatOf('yaml').parse(edited) as JsonObject
        expect(left).toEqual(others)
        expect(after).toEqual([...models, item.value])
        for (const { path, value: set } of wanted) {
          expect(({ ours, provider }[path[0]] as JsonObject | undefined)?.[path[1]]).toEqual(set)
        }
        expect(edited.match(/# (?:note|top|end)/gu)).toEqual(text.match(/# (?:note|top|end)/gu))
        if (text.includes('\r\n')) expect(edited.replaceAll('\r\n', '')).not.toContain('\n')
        expect(edited.startsWith('\uFEFF')).toBe(layoutOfFile.mark)
        expect(applySettings(edited, 'yaml', [...wanted, item]).text).toBe(edited)
        const back = takeBackSettings(edited, 'yaml', applied)
        expect(formatOf('yaml').parse(back.text) ?? {}).toEqual(foreign)
        expect(back.kept).toEqual([])
      }),
      // A run reads and writes a dozen documents; 1,500 runs found nothing that 40 do not look for.
      { numRuns: 40 },
    )
  })
})

describe('YAML whose shape is in the way', () => {
  const ours = [{ path: ['endpoints', 'custom', { field: 'name', value: 'S' }], value: { name: 'S' } }]

  it.each([
    'a: 1\nendpoints:\n',
    'a: 1\nendpoints:\n  custom:\n',
    'a: 1\nendpoints: {}\n',
    'a: 1\nendpoints: # later\nb: 2\n',
  ])('is none where a key has nothing behind it yet: %j', (text) => {
    const { text: edited } = applySettings(text, 'yaml', ours)
    expect(formatOf('yaml').parse(edited)).toMatchObject({ a: 1, endpoints: { custom: [{ name: 'S' }] } })
  })

  it('is refused at the line and column of what is in the way', () => {
    expect(() => applySettings('a: 1\nendpoints:\n  custom: words\n', 'yaml', ours)).toThrow(
      expect.objectContaining({ line: 3, column: 3 }),
    )
  })
})

describe('a file that cannot be read', () => {
  it.each<[FormatName, string, number]>([
    ['jsonc', '{\n  "a": 1\n  "b": 2\n}', 3],
    ['yaml', 'a: 1\nb: "open\n', 2],
    ['toml', 'a = 1\nb = \n', 2],
  ])('%s says the line', (format, text, line) => {
    let failure: unknown
    try {
      formatOf(format).parse(text)
    } catch (error) {
      failure = error
    }
    expect(failure).toMatchObject({ name: 'UnreadableFileError' })
    expect((failure as { line: number }).line).toBeGreaterThanOrEqual(line)
  })
})

describe('a taking back after an edit by hand', () => {
  it('leaves what was changed, names it, and puts back what stood there before', () => {
    const text = '{\n  "model": "theirs", // keep\n  "small": "s"\n}\n'
    const wanted = [
      { path: ['model'], value: 'ours' },
      { path: ['small'], value: 'ours' },
      { path: ['provider', 'signalbox'], value: { a: 1, options: { key: '{file:k}' } } },
    ]
    const { text: edited, applied } = applySettings(text, 'jsonc', wanted)
    const byHand = edited.replace('"small": "ours"', '"small": "mine"').replace('"a": 1', '"a": 2')
    const { text: back, kept } = takeBackSettings(byHand, 'jsonc', applied)
    // What is left of our block holds nothing that leads to a key that is gone.
    expect(kept).toEqual(['small', 'provider.signalbox.a'])
    expect(formatOf('jsonc').parse(back)).toEqual({ model: 'theirs', small: 'mine', provider: { signalbox: { a: 2 } } })
    expect(back).toContain('// keep')
  })

  it('leaves what somebody added to our block, and nothing of ours', () => {
    const ours = [{ path: ['a', 'signalbox'], value: { url: 'u', models: { one: { n: 1 } } } }]
    const { text, applied } = applySettings('{ "a": {} }', 'jsonc', ours)
    const added = text.replace('"one":', '"theirs": {}, "one":')
    const { text: back, kept } = takeBackSettings(added, 'jsonc', applied)
    expect(formatOf('jsonc').parse(back)).toEqual({ a: { signalbox: { models: { theirs: {} } } } })
    expect(kept).toEqual(['a.signalbox.models'])
    const less = text.replace('"u"', '"v"')
    expect(formatOf('jsonc').parse(takeBackSettings(less, 'jsonc', applied).text)).toEqual({
      a: { signalbox: { url: 'v' } },
    })
  })
})
