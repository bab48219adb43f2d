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
