import { expect, it } from 'vitest'
import { labelOf, watchedHosts } from '../../../../gateway/backends/network/watched-hosts.ts'
import { loadText } from '../../config/load-text.ts'

const text = `model_list:
  - {model_name: near, litellm_params: {model: openai/a, api_key: k, api_base: "http://10.0.0.5:8000/v1"}}
  - {model_name: also, litellm_params: {model: openai/b, api_key: k, api_base: "https://gpu-node/v1"}}
  - {model_name: here, litellm_params: {model: openai/c, api_key: k, api_base: "http://localhost:1/v1"}}
  - {model_name: far, litellm_params: {model: openai/d, api_key: k, api_base: "https://api.example.com/v1"}}
`

function hosts(servers: Parameters<typeof watchedHosts>[1], isProxied = (_url: string) => false) {
  const { config } = loadText(text)
  if (config === undefined) throw new Error('the config is wrong')
  return watchedHosts(config, servers, isProxied)
}

it('are those of models on inner networks and of named servers, wherever these are', () => {
  const named = { name: 'box', url: 'http://gpu.example.com:8000', network: 'vpn', named: true } as const
  expect(hosts([named])).toEqual([
    { host: 'gpu.example.com', network: 'vpn', ports: [8000], usedBy: ['box'] },
    { host: '10.0.0.5', network: undefined, ports: [8000], usedBy: ['near'] },
    { host: 'gpu-node', network: undefined, ports: [443], usedBy: ['also'] },
  ])
})

it('share what is said of one host, each port once', () => {
  const one = { name: 'box', url: 'http://10.0.0.5', network: 'lan', named: true, hasPort: false } as const
  const found = { name: 'box', url: 'http://10.0.0.5:8000', network: undefined, named: true } as const
  expect(hosts([one, found])[0]).toEqual({
    host: '10.0.0.5',
    label: 'box',
    network: 'lan',
    ports: [8000],
    usedBy: ['box', 'near'],
  })
})

it('are called by the names of the backends there where they have none themselves', () => {
  const at = (name: string, url: string) => ({ name, url, network: undefined, named: true })
  const called = (...servers: ReturnType<typeof at>[]) => hosts(servers).map((host) => labelOf(host))[0]
  expect(called(at('gpu-node', 'http://10.20.0.5:8000'))).toBe('gpu-node')
  expect(
    called(at('one', 'http://[fd00::5]:1'), at('two', 'http://[fd00::5]:2'), at('one', 'http://[fd00::5]:3')),
  ).toBe('one, two')
  expect(called(at('box', 'http://gpu.example.com:8000'))).toBe('gpu.example.com')
})

it('are not what a proxy reaches for us', () => {
  expect(hosts([], () => true)).toEqual([])
})
