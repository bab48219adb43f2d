import type { BackendList, BackendView } from '../../gateway/contract/backends.ts'
import type { NetworkView } from '../../gateway/contract/network.ts'
import type { DeploymentQuotaView, QuotaLimit, QuotaList } from '../../gateway/contract/quotas.ts'
import { scriptedNow } from './scripted-data.ts'

/** A local server in use; `part` says what is different. */
export function scriptedBackend(name: string, part: Partial<BackendView> = {}): BackendView {
  return {
    name,
    url: 'http://127.0.0.1:11434',
    vendor: 'ollama',
    label: 'Ollama',
    state: 'up',
    reason: null,
    remedy: null,
    added: true,
    source: 'port',
    network: null,
    version: '0.14.0',
    busy: false,
    process: null,
    proofs: [],
    lastSeenAt: scriptedNow,
    models: ['gemma4:26b', 'qwen3:8b', 'nomic-embed-text'].map((id) => ({
      id,
      name: `${name}/${id}`,
      local: true,
      capabilities: null,
      contextWindow: null,
      loadedContext: null,
      loaded: null,
      sizeBytes: null,
      quantization: null,
      parameters: null,
    })),
    asLastSeen: null,
    ...part,
  }
}

export const backends: BackendList = {
  discovery: true,
  backends: [
    scriptedBackend('this-machine'),
    scriptedBackend('gpu-node', { state: 'down', reason: 'does not answer', models: [], source: 'config' }),
    scriptedBackend('lm-studio', { label: 'LM Studio', added: false }),
  ],
}

type Path = NetworkView['paths'][number]

/** A line of the diagram with one thing at its end. */
function line(
  kind: Path['kind'],
  name: string,
  end: Pick<Path['ends'][number], 'kind' | 'name' | 'state'> & Partial<Path['ends'][number]>,
): Path {
  const ends = [{ address: null, since: null, serves: [], ...end }]
  return { kind, interface: name, tunnel: null, state: 'up', since: null, ends }
}

export const network: NetworkView = {
  vpn: { state: 'off', sentence: 'VPN off: reconnect to use gpu-node', neededBy: ['gpu-node'] },
  machine: { name: 'laptop', address: '192.168.1.20' },
  paths: [
    line('loopback', 'lo', { kind: 'local', name: 'Local servers', state: 'up', serves: ['Ollama', 'llama.cpp'] }),
    line('lan', 'wlan0', { kind: 'internet', name: 'Internet', state: 'up', serves: ['openai', 'mistral'] }),
    {
      ...line('tunnel', 'wg0', { kind: 'host', name: 'gpu-node', address: '10.20.0.7', state: 'path_lost' }),
      tunnel: 'WireGuard',
      state: 'lost',
      since: scriptedNow - 3_700_000,
    },
  ],
  standIns: [
    { router: 'mixed-router', tier: 'COMPLEX', insteadOf: 'gpu-node/qwen3.5:397b', model: 'opencode-kimi-k2-6' },
  ],
  hosts: [
    {
      host: 'gpu-node',
      address: '10.20.0.7',
      state: 'path_lost',
      reason: 'VPN off: reconnect to use gpu-node',
      remedy: 'Reconnect the VPN.',
      network: 'vpn',
      networkSource: 'learned',
      path: null,
      since: scriptedNow - 3_700_000,
      lastUpAt: scriptedNow - 4_000_000,
      services: [{ usedBy: ['gpu-node'], port: 11_434, state: 'path_lost' }],
    },
  ],
  interfaces: [],
  source: 'polling',
}

/** One deployment with the given limits. */
export function scriptedQuota(model: string, limits: readonly Partial<QuotaLimit>[]): DeploymentQuotaView {
  return {
    model,
    deploymentId: `${model}-1`,
    provider: 'opencodego',
    upstreamModel: model,
    inFlight: 0,
    state: 'ready',
    reason: null,
    until: null,
    firstTokenMs: null,
    slow: false,
    limits: limits.map((limit) => ({
      limit: 'requests per day',
      most: 100,
      used: 0,
      left: 100,
      resetsAt: null,
      knownFrom: 'config',
      ...limit,
    })),
  }
}

export const quotas: QuotaList = {
  deployments: [
    scriptedQuota('opencode-kimi-k2-6', [
      { used: 91, left: 9, resetsAt: scriptedNow + 3_600_000 },
      { limit: 'requests per minute', most: 60, used: 3, left: 57 },
    ]),
    scriptedQuota('gpt-5.5', []),
  ],
}
