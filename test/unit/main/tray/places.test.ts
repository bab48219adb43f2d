import { expect, it } from 'vitest'
import { placeLines } from '../../../../main/tray/places.ts'
import { backendView, hostAway, networkView, vpnOff, vpnOn } from './views.ts'

const remote = backendView({ name: 'gpu-node', url: 'http://10.0.0.7:8000', label: 'vLLM', models: [] })

it('says nothing where there is nothing', () => {
  expect(placeLines([], undefined)).toEqual([])
  expect(placeLines([backendView({ added: false })], undefined)).toEqual([])
})

it('has a line for each server, and one for the VPN where a host needs it', () => {
  expect(placeLines([backendView(), remote], networkView(vpnOn))).toEqual([
    'VPN on: gpu-node',
    'this machine: Ollama, 3 models',
    'gpu-node: vLLM, 0 models',
  ])
})

it('tells what is away first, in the words of the path and once', () => {
  const down = { ...remote, state: 'down' as const, reason: 'no answer' }
  const other = hostAway({ host: 'nas', reason: 'does not answer', services: [] })
  expect(placeLines([backendView(), down], networkView(vpnOff, [hostAway(), other]))).toEqual([
    'VPN off: reconnect to use gpu-node',
    'nas: does not answer',
    'gpu-node: VPN off',
    'this machine: Ollama, 3 models',
  ])
})

it.each([
  ['unknown', 'this machine: Ollama, not asked yet'],
  ['starting', 'this machine: Ollama, starting'],
  ['auth', 'this machine: wants a key'],
] as const)('has words for the state %s', (state, line) => {
  expect(placeLines([backendView({ state, reason: 'wants a key' })], undefined)).toEqual([line])
})

it('leaves long lists to the dashboard', () => {
  const many = Array.from({ length: 9 }, (_, index) => backendView({ name: `s${index}` }))
  expect(placeLines(many, undefined).slice(5)).toEqual(['this machine: Ollama, 3 models', 'and 3 more servers'])
})
