import { describe, expect, it } from 'vitest'
import { lines, loadText } from './load-text.ts'

const places = (text: string) => loadText(text).config?.backends.map(({ name, place }) => [name, place])

describe('the block backends', () => {
  it('names servers as a block or as a list, by address or by host', () => {
    const expected = [
      ['box', { kind: 'url', url: 'http://gpu-node:11434' }],
      ['lan', { kind: 'host', host: 'gpu-2' }],
    ]
    expect(places('backends:\n  box: gpu-node:11434\n  lan: {host: GPU-2, vendor: vllm, network: lan}\n')).toEqual(
      expected,
    )
    expect(
      places('backends:\n  - {name: box, url: "http://gpu-node:11434/v1/"}\n  - {name: lan, host: gpu-2}\n'),
    ).toEqual(expected)
  })

  it('takes addresses in every spelling that means one', () => {
    const urls = (text: string) => places(`backends: {box: ${text}}\n`)?.[0]?.[1]
    expect(urls('"[::1]:11434"')).toEqual({ kind: 'url', url: 'http://[::1]:11434' })
    expect(urls('"::1"')).toEqual({ kind: 'url', url: 'http://[::1]' })
    expect(urls('{host: "::1"}')).toEqual({ kind: 'host', host: '[::1]' })
    expect(urls('{host: "Gpu-2."}')).toEqual({ kind: 'host', host: 'gpu-2' })
    expect(urls('"https://gpu/base/v1/"')).toEqual({ kind: 'url', url: 'https://gpu/base' })
  })

  it('may name one server twice while only one of the names is enabled', () => {
    expect(places('backends: {a: "http://h:1", b: {url: "http://h:1", enabled: false}}\n')).toHaveLength(2)
  })

  it('keeps keys secret and away from the revision', () => {
    const load = (key: string) => loadText(`backends: {box: {url: "http://h:1", api_key: ${key}}}\n`)
    const one = load('sk-one-0123456789abcdef').config
    expect(JSON.stringify(one)).not.toContain('sk-one')
    expect(one?.revision).toBe(load('sk-two-0123456789abcdef').config?.revision)
    expect(load('os.environ/NOT_THERE').config?.backends[0]?.apiKey).toEqual({ kind: 'missing', names: ['NOT_THERE'] })
  })

  it.each([
    ['{local: {url: "http://h:1"}}', /must have a name/],
    ['{box: {}}', /has no address/],
    ['{box: {url: "http://h:1", host: h}}', /keep one of them/],
    ['{box: {host: "http://h"}}', /must be a host name/],
    ['{box: {url: "ftp://h"}}', /starting with http/],
    ['{box: {url: "http://me:secret@h"}}', /without user name and password/],
    ['{box: {url: "http://h:1", vendor: ollma}}', /ollama/],
    ['[{name: a, url: "http://h:1"}, {name: a, url: "http://h:2"}]', /is there twice/],
    ['{a: "http://h:1", b: {url: "http://H:1/v1/"}}', /b is the same server as a/],
    ['{a: "http://localhost:1", b: "http://[::1]:1"}', /b is the same server as a/],
    ['{box: 11434}', /1:17 .*url is "11434", must be an address such as http:\/\/host:11434/],
    ['{box: }', /1:17 .*has no address/],
  ])('%s is an error with its place', (block, message) => {
    const loaded = loadText(`backends: ${block}\n`)
    expect(loaded.config).toBeUndefined()
    expect(lines(loaded, 'error').join('\n')).toMatch(message)
    expect(JSON.stringify(loaded.problems)).not.toContain('secret@')
  })
})

describe('names that wait for a local server', () => {
  const tier = (name: string) => `model_list:
  - model_name: r
    litellm_params: {model: auto_router/complexity_router, complexity_router_config: {tiers: {SIMPLE: "${name}"}}}
`

  it.each(['local/*', 'local:tools', 'local:vision', 'gpu-node/x'])('%s may stand in a tier', (name) => {
    const { config } = loadText(`${tier(name)}backends: {gpu-node: "http://h:1"}\n`)
    expect(config?.routers.get('r')?.tiers.SIMPLE).toEqual([{ model: name, state: 'waiting', defaults: {} }])
  })

  it('a capability that does not exist is an error that names the nearest', () => {
    expect(lines(loadText(tier('local:visoin')), 'error').join()).toContain('local:vision')
  })
})
