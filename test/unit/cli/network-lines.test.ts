import { describe, expect, it } from 'vitest'
import { backendLines } from '../../../gateway/cli/backend-lines.ts'
import { gpuFindings, networkFindings } from '../../../gateway/cli/doctor-network.ts'
import { gpuLines, networkLines } from '../../../gateway/cli/network-lines.ts'
import type { BackendView } from '../../../gateway/contract/backends.ts'
import type { GpuView } from '../../../gateway/contract/gpus.ts'
import type { NetworkHostView, NetworkView } from '../../../gateway/contract/network.ts'
import { noNetwork } from '../../doubles/network/no-network.ts'

const up: NetworkHostView = {
  host: 'gpu-node',
  address: '10.8.0.9',
  state: 'up',
  reason: null,
  remedy: null,
  network: 'vpn',
  networkSource: 'learned',
  path: { source: '10.8.0.2', interface: 'wg0', tunnel: 'WireGuard' },
  since: 1,
  lastUpAt: 1,
  services: [],
}
const lost: NetworkHostView = {
  ...up,
  state: 'path_lost',
  reason: 'VPN off: reconnect WireGuard to use gpu-node',
  remedy: 'Connect WireGuard again.',
  path: null,
}
const view = (given: Partial<NetworkView>): NetworkView => ({ ...noNetwork, source: 'ip monitor', ...given })

describe('paths in a terminal', () => {
  it('are none where no host is followed', () => {
    expect(networkLines(view({}))).toEqual([])
  })

  it('tell over what each host is reached, and how that is known', () => {
    const lines = networkLines(view({ hosts: [up, { ...up, host: 'nas', network: null, path: null }] }))
    expect(lines).toEqual([
      'Paths (changes are told by ip monitor)',
      '  gpu-node  up  wg0 (VPN WireGuard)  network vpn (learned)',
      expect.stringMatching(/^ {2}nas +up +no way$/),
    ])
  })

  it('say once what the VPN has taken away, what else is wrong, and what answers until then', () => {
    const lines = networkLines(
      view({
        vpn: { state: 'off', sentence: 'VPN off: reconnect WireGuard to use gpu-node', neededBy: ['gpu-node'] },
        hosts: [
          lost,
          { ...up, host: 'nas', state: 'host_down', reason: 'nas is off or asleep', remedy: 'Switch it on.' },
        ],
        standIns: [
          { router: 'smart', tier: 'COMPLEX', insteadOf: 'gpu', model: 'cloud' },
          { router: 'smart', tier: 'REASONING', insteadOf: 'gpu', model: null },
        ],
      }),
    )
    expect(lines.slice(3)).toEqual([
      '  VPN off: reconnect WireGuard to use gpu-node.',
      '  nas is off or asleep.',
      '  Switch it on.',
      '  Until then cloud answers COMPLEX of smart.',
      '  Until then nothing answers REASONING of smart.',
    ])
  })

  it('are findings of doctor, each with what to do', () => {
    expect(networkFindings(view({ hosts: [up, lost, { ...lost, remedy: null }] }))).toEqual([
      { check: 'network', state: 'ok', message: 'gpu-node: up over wg0 (VPN).' },
      {
        check: 'network',
        state: 'warning',
        message: 'gpu-node: path lost: VPN off: reconnect WireGuard to use gpu-node.',
        remedy: 'Connect WireGuard again.',
      },
      expect.objectContaining({ remedy: 'Wait a moment and look again.' }),
    ])
  })
})

const gpu: GpuView = {
  id: '0',
  vendor: 'nvidia',
  name: 'RTX 4090',
  driver: '580',
  unified: false,
  memoryTotalBytes: 24 * 1024 ** 3,
  memoryUsedBytes: 6 * 1024 ** 3,
  memoryOf: 'gpu',
  utilization: 0,
  temperature: null,
  powerWatts: null,
  instances: [],
  processes: [
    { pid: 7, name: 'ollama', memoryBytes: 5 * 1024 ** 3, backend: 'ollama' },
    { pid: 8, name: '', memoryBytes: null, backend: null },
  ],
}

describe('GPUs in a terminal', () => {
  it('show zero as zero and what is not told as unknown', () => {
    expect(
      gpuLines({ gpus: [gpu, { ...gpu, memoryUsedBytes: null, utilization: null, processes: [] }], problems: [] }),
    ).toEqual([
      'GPUs',
      '  RTX 4090  memory 6.0 GiB of 24.0 GiB, load 0 %',
      '    ollama (7) 5.0 GiB, ollama',
      '    process (8) memory unknown',
      '  RTX 4090  memory unknown of 24.0 GiB, load unknown',
    ])
  })

  it('are nothing to speak of where there are none; a driver that hangs is', () => {
    expect(gpuLines({ gpus: [], problems: [] })).toEqual([])
    expect(gpuFindings({ gpus: [], problems: ['nvidia-smi did not answer in 3 s: restart the driver.'] })).toEqual([
      { check: 'gpu', state: 'warning', message: 'nvidia-smi did not answer in 3 s.', remedy: 'Restart the driver.' },
    ])
    expect(gpuFindings({ gpus: [{ ...gpu, unified: true }], problems: [] })).toEqual([
      { check: 'gpu', state: 'ok', message: 'RTX 4090 (unified memory).' },
    ])
  })
})

describe('servers in a terminal', () => {
  it('show what one that is away had, and when', () => {
    const model = {
      id: 'a',
      name: 'box/a',
      local: true,
      capabilities: ['chat'],
      contextWindow: 8_192,
      loadedContext: null,
      loaded: null,
      sizeBytes: null,
      quantization: 'Q4',
      parameters: '8B',
    }
    const away: BackendView = {
      name: 'box',
      url: 'http://10.0.0.5:1',
      vendor: 'vllm',
      label: 'vLLM',
      state: 'down',
      reason: 'does not run',
      remedy: null,
      added: true,
      source: 'config',
      network: null,
      version: null,
      busy: false,
      process: null,
      proofs: [],
      lastSeenAt: 0,
      models: [],
      asLastSeen: { at: Date.UTC(2026, 0, 2, 3, 4), models: [model] },
    }
    expect(backendLines({ discovery: true, backends: [away] })).toEqual([
      'box  down  vLLM  http://10.0.0.5:1',
      '  vLLM does not run.',
      '  As last seen (2026-01-02 03:04 UTC):',
      expect.stringMatching(/^ {4}box\/a +8192 tokens +8B Q4 +chat$/),
    ])
  })
})
