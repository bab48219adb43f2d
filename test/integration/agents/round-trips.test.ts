import { chmodSync, lstatSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { FileChange } from '../../../gateway/agents/agent.ts'
import { formatOf } from '../../../gateway/agents/formats/formats.ts'
import { agents, findAgent } from '../../../gateway/agents/registry.ts'
import { opencode } from '../../../gateway/agents/opencode/opencode.ts'
import { type AgentHome, createAgentHome, secret, testModel } from './agent-home.ts'

let home: AgentHome
beforeEach(() => {
  home = createAgentHome()
})
afterEach(() => home.remove())

/** What people have in their files: comments everywhere, trailing commas, odd line ends, tabs, a byte order mark. */
const nasty: Record<'jsonc' | 'yaml' | 'toml' | 'dotenv', readonly string[]> = {
  jsonc: [
    '',
    '{}',
    '// only a comment\n',
    '{"a":1,"model":{"name":"x","other":[1,2]}}',
    '\uFEFF// top\r\n{\r\n\t"theme": "dark", // night\r\n\t/* before */ "mcp": { "x": [1, 2,], }, // trailing\r\n\t"env": {\r\n\t\t// empty\r\n\t},\r\n}\r\n// end\r\n',
    '{\n    "provider": {\n        "openai": { "options": { "apiKey": "sk-theirs" } } // keep\n    },\n    "model": "openai/x", "env": { "A": "b" }\n}',
    `{ "huge": [${Array.from({ length: 3000 }, (_, index) => `"${'x'.repeat(20)}${index}"`).join(',')}] }\n`,
  ],
  yaml: [
    '',
    '# only a comment\n',
    '\uFEFF# top\r\nname: Mine\r\nversion: 1.0.0\r\nmodels: # theirs\r\n  - name: other # keep\r\n    provider: openai\r\nmodel: "x"   # spaced\r\n# end\r\n',
    'endpoints:\n    custom:\n        - { name: other, apiKey: "k" }\nGOOSE_PROVIDER: anthropic\nread: [a, b]\n',
  ],
  toml: [
    '',
    '# only a comment\n',
    '\uFEFF# top\r\nmodel = "x" # keep\r\n\r\n[model_providers.other]\r\nname = \'Other\'\r\n# inside\r\n[[list]]\r\na = [1,\r\n 2] # two\r\n',
    'approval_policy = "never"\n[model_providers]\nother = { name = "O" }\n',
  ],
  dotenv: [
    '',
    '# only a comment',
    '\uFEFFexport A="b c" # keep\r\n\r\nGEMINI_API_KEY=theirs\r\nB=1',
    "X='y z'\nnot an assignment\n",
  ],
}

function editsOf(id: string): readonly FileChange[] {
  const agent = findAgent(id)
  return agent?.plan(new Map(), home.facts()).changes ?? []
}

describe.each(agents.map(({ id }) => [id] as const))('%s', (id) => {
  const agent = findAgent(id) ?? opencode

  it('is exported into an empty home, twice alike, and taken back without a trace', () => {
    home.export(agent)
    const first = home.snapshot()
    home.export(agent)
    expect(home.snapshot()).toEqual(first)
    if (home.exporter.record(id) === undefined) return
    home.exporter.undo(id)
    expect(home.snapshot()).toEqual({})
    expect(home.exporter.secret(id)).toBeUndefined()
  })

  it('keeps every nasty file: what is not ours stays, and undo gives the exact bytes', () => {
    for (const change of editsOf(id)) {
      if (change.kind !== 'edit') continue
      const path = relative(home.path, change.path)
      for (const text of nasty[change.format]) {
        // A list at the root cannot go into an object.
        const wantsList = change.settings.some(({ path: [first] }) => typeof first === 'object')
        if (wantsList && text.includes('{')) continue
        // Nor our object into a value of another kind: that is refused, and nothing is written.
        if (id === 'qwen-code' && text.includes('"model": "openai/x"')) {
          const file = home.put(path, text)
          expect(() => home.export(agent)).toThrow(`${file}:5:14 There is no object here.`)
          expect(readFileSync(file, 'utf8')).toBe(text)
          continue
        }
        home.put(path, text)
        const before = home.snapshot()
        home.export(agent)
        const content = formatOf(change.format).parse(readFileSync(change.path, 'utf8'))
        expect(withoutOurs(content, change)).toEqual(withoutOurs(formatOf(change.format).parse(text), change))
        for (const comment of text.match(/(?:\/\/|#) ?\w+/gu) ?? []) {
          expect(readFileSync(change.path, 'utf8')).toContain(comment)
        }
        const after = home.snapshot()
        home.export(agent)
        expect(home.snapshot()).toEqual(after)
        home.exporter.undo(id)
        expect(home.snapshot()).toEqual(before)
      }
      home.remove()
      home = createAgentHome()
    }
  })

  it('puts its key into files of mode 0600 only', () => {
    home.export(agent)
    for (const [path, text] of Object.entries(home.snapshot())) {
      if (text.includes(secret)) expect([path, text.slice(0, 3)]).toEqual([path, '600'])
    }
  })
})

/** Top-level keys that no setting of ours begins with. */
function withoutOurs(content: unknown, change: FileChange): unknown {
  if (change.kind !== 'edit' || typeof content !== 'object' || content === null) return undefined
  if (Array.isArray(content)) return {}
  const ours = new Set(change.settings.map(({ path }) => path[0]))
  return Object.fromEntries(Object.entries(content).filter(([key]) => !ours.has(key)))
}

describe('a file of a user', () => {
  const config = '.config/opencode/opencode.jsonc'

  it('stays a link, keeps its mode, and its target is written', () => {
    const target = home.put('dotfiles/opencode.jsonc', '{ "a": 1 }\n')
    const link = home.put(config, '')
    home.remove()
    home = createAgentHome()
    const there = home.put('dotfiles/opencode.jsonc', '{ "a": 1 }\n')
    home.put('.config/opencode/x', '')
    symlinkSync(there, join(home.path, config))
    home.export(opencode)
    expect(lstatSync(join(home.path, config)).isSymbolicLink()).toBe(true)
    expect(readFileSync(there, 'utf8')).toContain('signalbox/router-auto')
    home.exporter.undo('opencode')
    expect(readFileSync(there, 'utf8')).toBe('{ "a": 1 }\n')
    expect([target, link]).toHaveLength(2)
  })

  it.each([
    ['broken', '{ "a": 1,, }', ':1:10 '],
    ['a single value', '7', ':1:1 '],
  ])('that is %s is named with line and column and not written', (_name, text, place) => {
    const file = home.put(config, text)
    expect(() => home.export(opencode)).toThrow(`${file}${place}`)
    expect(readFileSync(file, 'utf8')).toBe(text)
  })

  it('that is no UTF-8, read-only, or a link to nothing is left alone with a sentence', () => {
    const file = home.put(config, Buffer.from([0x7b, 0xff, 0x7d]))
    expect(() => home.export(opencode)).toThrow('not UTF-8')
    writeFileSync(file, '{}')
    home.export(opencode)
    const exported = readFileSync(file, 'utf8')
    chmodSync(file, 0o444)
    expect(() => home.exporter.undo('opencode')).toThrow('is read-only')
    expect(readFileSync(file, 'utf8')).toBe(exported)
    chmodSync(file, 0o644)
    home.exporter.undo('opencode')
    chmodSync(file, 0o444)
    expect(() => home.export(opencode)).toThrow('is read-only')
    expect(readFileSync(file, 'utf8')).toBe('{}')
    home.remove()
    home = createAgentHome()
    home.put('.config/opencode/x', '')
    symlinkSync(join(home.path, 'nowhere'), join(home.path, config))
    expect(() => home.export(opencode)).toThrow('link to a file that is not there')
  })

  it('with another provider under our id keeps it, and ours gets the next id', () => {
    const text = '{ "provider": { "signalbox": { "options": { "baseURL": "https://signalbox.example/v1" } } } }\n'
    const file = home.put(config, text)
    home.export(opencode)
    const content = JSON.parse(readFileSync(file, 'utf8')) as { provider: Record<string, object>; model: string }
    expect(content.provider['signalbox']).toEqual({ options: { baseURL: 'https://signalbox.example/v1' } })
    expect(content.model).toBe('signalbox-2/router-auto')
  })

  it.each([
    [
      'opencode',
      '.config/opencode/opencode.json',
      '{"provider":{"signalbox":{"options":{"baseURL":"https://a.example"}}}}',
    ],
    [
      'qwen-code',
      '.qwen/settings.json',
      '{"modelProviders":{"openai":[{"id":"small","baseUrl":"https://a.example"}]}}',
    ],
    [
      'vscode-chat',
      '.config/Code/User/chatLanguageModels.json',
      '[{"name":"Signalbox","models":[{"url":"https://a.example"}]}]',
    ],
    [
      'librechat',
      'LibreChat/librechat.yaml',
      'endpoints:\n  custom:\n    - { name: Signalbox, baseURL: https://a.example }\n',
    ],
    ['goose', '.config/goose/custom_providers/signalbox.json', '{"name":"signalbox","base_url":"https://a.example"}'],
  ])('with somebody else’s entry under the name of ours keeps it: %s', (id, path, text) => {
    const agent = findAgent(id) ?? opencode
    const file = home.put(path, text)
    if (id === 'opencode') home.put(config, '{}')
    const before = home.snapshot()
    home.export(agent)
    expect(readFileSync(file, 'utf8')).toContain('https://a.example')
    const first = home.snapshot()
    home.export(agent)
    expect(home.snapshot()).toEqual(first)
    if (id === 'opencode') expect(readFileSync(join(home.path, config), 'utf8')).toContain('"signalbox-2/router-auto"')
    if (id === 'goose') expect(home.exporter.record(id)?.files[0]?.path).toContain('signalbox-2.json')
    home.exporter.undo(id)
    expect(home.snapshot()).toEqual(before)
  })

  it('with keys of others shows no more than their ends in what is to change', () => {
    home.put('.gemini/.env', 'GEMINI_API_KEY=AIzaTheirs0123456789\nMY_TOKEN="plain-token-0123456789"\n')
    const { writes } = home.exporter.plan(findAgent('gemini-cli') ?? opencode, home.facts(), 'key-1')
    const shown = writes.map(({ diff }) => diff).join('')
    expect(shown).toContain('-GEMINI_API_KEY=AIz…6789')
    expect(shown).not.toContain('0123456789')
  })

  it('beside another one: opencode.jsonc wins over opencode.json, which is not touched', () => {
    const json = home.put('.config/opencode/opencode.json', '{"a":1}')
    home.put(config, '{"b":2}')
    home.export(opencode)
    expect(readFileSync(json, 'utf8')).toBe('{"a":1}')
    expect(readFileSync(join(home.path, config), 'utf8')).toContain('small_model')
  })

  it('with opencode 2’s own shape of our provider gets both shapes', () => {
    const file = home.put(config, '{ "providers": { "signalbox": { "package": "old" } } }')
    home.export(opencode)
    const content = JSON.parse(readFileSync(file, 'utf8')) as Record<string, { signalbox: object }>
    expect(content['provider']?.signalbox).toMatchObject({ npm: '@ai-sdk/openai-compatible' })
    expect(content['providers']?.signalbox).toMatchObject({ package: 'aisdk:@ai-sdk/openai-compatible' })
  })

  it('edited since and exported anew keeps the edit, and undo takes out ours only', () => {
    const file = home.put(config, '{\n  "theme": "dark"\n}\n')
    home.export(opencode)
    writeFileSync(file, readFileSync(file, 'utf8').replace('"dark"', '"light"'))
    home.export(opencode, { models: [testModel('router-auto'), testModel('new')] })
    expect(readFileSync(file, 'utf8')).toContain('"new"')
    home.exporter.undo('opencode')
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ theme: 'light' })
  })

  it('edited at a place of ours is told with three values: ours, the one there now, and the next one', () => {
    const file = home.put(config, '{}\n')
    home.export(opencode)
    const exported = readFileSync(file, 'utf8')
    writeFileSync(file, exported.replace('"signalbox/router-auto"', '"other/model"').replace('{', '{ "theme": "dark",'))
    const next = { model: testModel('small') }
    const { changed } = home.exporter.plan(opencode, home.facts(next), 'key-1')
    expect(changed).toEqual([
      { path: file, place: 'model', ours: '"signalbox/router-auto"', now: '"other/model"', after: '"signalbox/small"' },
    ])
    writeFileSync(file, exported)
    expect(home.exporter.plan(opencode, home.facts(next), 'key-1').changed).toEqual([])
  })

  it('gone before an undo stays gone', () => {
    home.export(opencode)
    const [path = ''] = Object.keys(home.snapshot())
    home.remove()
    home = createAgentHome()
    home.export(opencode)
    writeFileSync(join(home.path, path), '{}')
    expect(home.exporter.undo('opencode').files[0]?.outcome).toBe('merged')
    expect(statSync(home.path).isDirectory()).toBe(true)
  })
})
