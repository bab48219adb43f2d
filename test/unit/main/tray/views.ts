import type { BackendView } from '../../../../gateway/contract/backends.ts'
import type { NetworkView } from '../../../../gateway/contract/network.ts'
import type { RequestView } from '../../../../gateway/contract/requests.ts'
import type { RouterView } from '../../../../gateway/contract/routers.ts'
import type { GatewayStatus } from '../../../../gateway/contract/status.ts'
import type { Limit } from '../../../../main/tray/limits.ts'
import type { TrayState } from '../../../../main/tray/tray-state.ts'

/** Views of the contract with quiet values; a test names only what it is about. */
export const statusView = (change: Partial<GatewayStatus> = {}): GatewayStatus => ({
  version: '0.1.0',
  url: 'http://127.0.0.1:4000',
  startedAt: 0,
  phase: 'running',
  inFlight: 0,
  models: 30,
  demo: 'off',
  config: { path: '/c/config.yaml', revision: '1', problems: [], refused: false, restartNeeded: [] },
  spendToday: { requests: 412, billedNanoUsd: 1_951_000_000, demoNanoUsd: 0, unknownPriced: 0 },
  lastTier: 'COMPLEX',
  ...change,
})

export const routerView = (change: Partial<RouterView> = {}): RouterView => ({
  name: 'mistral-router',
  position: { mode: 'auto' },
  tiers: [
    { tier: 'SIMPLE', models: [{ name: 'small', state: 'configured' }] },
    { tier: 'COMPLEX', models: [{ name: 'large', state: 'configured' }] },
  ],
  boundaries: { simple_medium: 0, medium_complex: 0.25, complex_reasoning: 0.55 },
  warnings: [],
  requestsToday: 0,
  ...change,
})

export const requestView = (change: Partial<RequestView> = {}): RequestView => ({
  id: 'r1',
  phase: 'finished',
  startedAt: 1_000,
  askedModel: 'mistral-router',
  model: 'large',
  provider: 'mistral',
  router: 'mistral-router',
  tier: 'COMPLEX',
  score: 0.4,
  reason: null,
  agent: null,
  session: null,
  keyAlias: null,
  stream: true,
  status: 200,
  errorCode: null,
  usage: null,
  costNanoUsd: 22_300_000,
  priceSource: 'catalogue',
  firstTokenMs: 10,
  totalMs: 20,
  attempts: [],
  warnings: [],
  explanation: null,
  ...change,
})

export const runningState = (change: Partial<NonNullable<TrayState['snapshot']>> = {}): TrayState => ({
  gateway: { phase: 'running', url: 'http://127.0.0.1:4000', controlToken: 'secret-token', since: 0 },
  snapshot: {
    status: statusView(),
    routers: [routerView()],
    requests: [requestView()],
    backends: [],
    network: undefined,
    limits: undefined,
    ...change,
  },
  working: false,
})

export const backendView = (change: Partial<BackendView> = {}): BackendView => ({
  name: 'ollama',
  url: 'http://127.0.0.1:11434',
  vendor: 'ollama',
  label: 'Ollama',
  state: 'up',
  reason: null,
  remedy: null,
  added: true,
  source: 'port',
  network: null,
  version: null,
  busy: false,
  process: null,
  proofs: [],
  lastSeenAt: null,
  asLastSeen: null,
  models: ['one', 'two', 'three'].map((id) => ({
    id,
    name: `ollama/${id}`,
    local: true,
    capabilities: null,
    contextWindow: null,
    loadedContext: null,
    loaded: null,
    sizeBytes: null,
    quantization: null,
    parameters: null,
  })),
  ...change,
})

type Vpn = NetworkView['vpn']
export const vpnOn: Vpn = { state: 'on', sentence: null, neededBy: ['gpu-node'] }
export const vpnOff: Vpn = { state: 'off', sentence: 'VPN off: reconnect to use gpu-node', neededBy: ['gpu-node'] }

export const networkView = (vpn: Vpn, hosts: NetworkView['hosts'] = []): NetworkView => ({
  vpn,
  machine: { name: 'laptop', address: null },
  paths: [],
  standIns: [],
  hosts,
  interfaces: [],
  source: 'polling',
})

export const hostAway = (change: Partial<NetworkView['hosts'][number]> = {}): NetworkView['hosts'][number] => ({
  host: 'gpu-node',
  address: null,
  state: 'path_lost',
  reason: 'VPN off',
  remedy: null,
  network: 'vpn',
  networkSource: 'config',
  path: null,
  lastUpAt: null,
  since: null,
  services: [{ usedBy: ['gpu-node'], port: 8000, state: 'path_lost' }],
  ...change,
})

export const limit = (change: Partial<Limit> = {}): Limit => ({
  id: 'budget k1',
  kind: 'budget',
  name: 'Budget of opencode',
  share: 0.5,
  resetsAt: null,
  page: '#/keys/k1',
  ...change,
})
