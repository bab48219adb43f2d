import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { spliceYaml } from '../../../../gateway/config/edit/splice-yaml.ts'
import type { EditPath, YamlEdit } from '../../../../gateway/config/edit/yaml-edit.ts'
import type { JsonValue } from '../../../../gateway/model/json.ts'

const file = `# Our models
model_list:
  - model_name: small   # the quick one
    litellm_params:
      model: openai/gpt-5.6-mini
      input_cost_per_token: 0.00000015
  - model_name: "large"
    litellm_params: {model: openai/gpt-5.6, rpm: 10}

router_settings:
    fallbacks: [{small: [large]}]   # wide indentation
    timeout:

# The end
`

const set = (path: EditPath, value: JsonValue): YamlEdit => ({ op: 'set', path, value })
const changedLines = (after: string, before = file) => {
  const old = before.split('\n')
  return after.split('\n').filter((line) => !old.includes(line))
}

describe('spliceYaml', () => {
  it('replaces a number and leaves comments and spellings', () => {
    const after = spliceYaml(file, [set(['model_list', 1, 'litellm_params', 'rpm'], 30)])
    expect(after).toBe(file.replace('rpm: 10', 'rpm: 30'))
  })

  it('keeps the spelling of a value that is set to what it is', () => {
    expect(spliceYaml(file, [set(['model_list', 0, 'litellm_params', 'input_cost_per_token'], 1.5e-7)])).toBe(file)
  })

  it.each(['__proto__', 'constructor', 'toString'])(
    'takes %s for a key like any other and changes no object of the program',
    (key) => {
      expect(Object.keys(parse(spliceYaml(file, [set([key, 'led'], 1)])) as object)).toContain(key)
      const nested = spliceYaml(file, [{ op: 'append', path: ['router_settings', key, 'led'], value: 1 }])
      expect(nested).toContain(`    ${key}:`)
      const shared = ['constructor', 'toString'].map((name) => Reflect.get({}, name) as object)
      expect([{}, ...shared].some((value) => 'led' in value)).toBe(false)
      expect(() => spliceYaml(file, [{ op: 'remove', path: [key, 'led'] }])).not.toThrow()
    },
  )

  it('changes one key of a block that is given as a whole', () => {
    const value = { model: 'openai/gpt-5.6-nano', input_cost_per_token: 1.5e-7 }
    const after = spliceYaml(file, [set(['model_list', 0, 'litellm_params'], value)])
    expect(after).toBe(file.replace('gpt-5.6-mini', 'gpt-5.6-nano'))
  })

  it('adds a key below the last one, at its indentation', () => {
    const after = spliceYaml(file, [set(['router_settings', 'num_retries'], 3)])
    expect(after).toBe(file.replace('    timeout:\n', '    timeout:\n    num_retries: 3\n'))
  })

  it('fills a key that has no value', () => {
    const after = spliceYaml(file, [set(['router_settings', 'timeout'], 60)])
    expect(after).toBe(file.replace('timeout:', 'timeout: 60'))
  })

  it('opens an empty list in a block, and keeps one line where the block is one', () => {
    const append = (text: string, path: EditPath) => spliceYaml(text, [{ op: 'append', path, value: { name: 'a' } }])
    const empty = '# First\nmodel_list: []\n\n# Then\nother: 1\n'
    const one = append(empty, ['model_list'])
    expect(one).toBe('# First\nmodel_list:\n  - name: a\n\n# Then\nother: 1\n')
    expect(append(one, ['model_list'])).toContain('  - name: a\n  - name: a\n\n# Then')
    expect(append('a:\n  list: [] # none\n', ['a', 'list'])).toBe('a:\n  list:  # none\n    - name: a\n')
    expect(append('a: {list: []}\n', ['a', 'list'])).toBe('a: {list: [{name: a}]}\n')
  })

  it('makes the blocks on the way', () => {
    const after = spliceYaml(file, [set(['signalbox', 'prices', 'refresh'], 'weekly')])
    expect(after).toBe(`${file}signalbox:\n  prices:\n    refresh: weekly\n`)
  })

  it('appends to a list of blocks and to a list on one line', () => {
    const after = spliceYaml(file, [
      { op: 'append', path: ['model_list'], value: { model_name: 'new', litellm_params: { model: 'a/b' } } },
      { op: 'append', path: ['router_settings', 'fallbacks'], value: { large: ['small'] } },
    ])
    expect(changedLines(after)).toEqual([
      '  - model_name: new',
      '      model: a/b',
      '    fallbacks: [{small: [large]}, {large: [small]}]   # wide indentation',
    ])
  })

  it('starts a list in an empty file', () => {
    const after = spliceYaml('# nothing yet\n', [{ op: 'append', path: ['model_list'], value: { model_name: 'a' } }])
    expect(after).toBe('# nothing yet\nmodel_list:\n  - model_name: a\n')
  })

  it('removes an entry with its lines only', () => {
    const after = spliceYaml(file, [
      { op: 'remove', path: ['model_list', 0, 'litellm_params', 'input_cost_per_token'] },
    ])
    expect(after).toBe(file.replace('      input_cost_per_token: 0.00000015\n', ''))
  })

  it('removes the first key of an entry, whose dash stays', () => {
    const after = spliceYaml(file, [{ op: 'remove', path: ['model_list', 1, 'model_name'] }])
    expect(parse(after).model_list[1]).toEqual({ litellm_params: { model: 'openai/gpt-5.6', rpm: 10 } })
  })

  it('removes a whole entry of a list', () => {
    const after = spliceYaml(file, [{ op: 'remove', path: ['model_list', 1] }])
    expect(after).toContain('# Our models')
    expect(parse(after).model_list).toHaveLength(1)
  })

  it('keeps CRLF and a byte order mark', () => {
    const windows = `\uFEFF${file.replaceAll('\n', '\r\n')}`
    const after = spliceYaml(windows, [set(['signalbox', 'port'], 4001), set(['model_list', 0, 'model_name'], 'tiny')])
    expect(after.startsWith('\uFEFF')).toBe(true)
    expect(after.replaceAll('\r\n', '')).not.toContain('\n')
    expect(parse(after.slice(1)).signalbox).toEqual({ port: 4001 })
  })

  it('quotes what would be read as something else', () => {
    const after = spliceYaml(file, [set(['model_list', 0, 'model_name'], 'no: # "x"\nyes'), set(['a'], 'true')])
    expect(parse(after)).toMatchObject({ a: 'true', model_list: [{ model_name: 'no: # "x"\nyes' }, {}] })
  })

  it.each([
    ['an alias', 'a: &x {b: 1}\nc: *x\n', ['c', 'b']],
    ['a merged key', 'a: &x {b: 1}\nc:\n  <<: *x\n', ['c', 'b']],
    ['a part of a scalar', 'a: 1\n', ['a', 'b']],
    ['an entry that is not there', 'a: [1]\n', ['a', 3]],
    ['broken YAML', 'a: [1\n', ['a']],
  ] as const)('refuses %s', (_name, text, path) => {
    expect(() => spliceYaml(text, [set(path, 2)])).toThrow(expect.objectContaining({ name: 'EditRefusedError' }))
  })

  it('any edit of any file changes its own value only, and no comment is lost', () => {
    const key = fc.constantFrom('a', 'b', 'c', 'model name', 'x-y')
    const { value } = fc.letrec<{ value: JsonValue }>((tie) => ({
      value: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.constant('no'), fc.constant('0.5')),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(key, tie('value'), { maxKeys: 3 }),
      ),
    }))
    const content = fc.dictionary(key, value, { minKeys: 1, maxKeys: 4 })
    fc.assert(
      fc.property(
        content,
        fc.constantFrom('set', 'remove', 'append'),
        fc.array(fc.nat(5), { maxLength: 4 }),
        value,
        (before, op, steps, put) => {
          const text = commented(stringify(before, { lineWidth: 0 }))
          const path = pathInto(before, steps)
          const edit = (op === 'remove' ? { op, path } : { op, path, value: put }) as YamlEdit
          let after: string
          try {
            after = spliceYaml(text, [edit])
          } catch (error) {
            expect(error).toMatchObject({ name: 'EditRefusedError' })
            return
          }
          expect(parse(after)).toEqual(expected(before, edit))
          for (const other of Object.keys(before).filter((name) => name !== path[0])) {
            expect(after).toContain(`# about ${other}\n`)
          }
        },
      ),
      { numRuns: 1_000 },
    )
  })
})

/** A comment above every key of the root. */
function commented(text: string): string {
  return text.replaceAll(/^("?)([a-z][a-z -]*)\1:/gm, (line, _quote, name: string) => `# about ${name}\n${line}`)
}

function pathInto(content: JsonValue, steps: readonly number[]): (string | number)[] {
  const path: (string | number)[] = []
  let at = content
  for (const step of steps) {
    if (typeof at !== 'object' || at === null) break
    const keys: (string | number)[] = Array.isArray(at) ? [...at.keys()] : Object.keys(at)
    const key = keys[step % Math.max(1, keys.length)]
    if (key === undefined) break
    path.push(key)
    at = (at as Record<string | number, JsonValue>)[key] ?? null
  }
  return path.length === 0 ? [Object.keys(content as object)[0] ?? 'a'] : path
}

function expected(before: JsonValue, edit: YamlEdit): unknown {
  const copy = structuredClone(before) as Record<string | number, unknown>
  let owner = copy
  for (const step of edit.path.slice(0, -1)) owner = owner[step] as Record<string | number, unknown>
  const last = edit.path.at(-1) ?? ''
  if (edit.op === 'set') owner[last] = edit.value
  else if (edit.op === 'append') owner[last] = [...((owner[last] as unknown[] | null) ?? []), edit.value]
  else if (Array.isArray(owner)) owner.splice(Number(last), 1)
  else delete owner[last]
  return copy
}
