import { cacheOff } from '../../../gateway/config/compile/compile-cache.ts'
import { budgetRowsDouble } from '../../doubles/budget-rows.ts'
import { reportDouble, sumsDouble } from '../../doubles/spend-sums.ts'
import { deploymentDouble } from '../../doubles/deployment.ts'
import { keyRowsDouble } from '../../doubles/key-rows.ts'
import { quietDelivery, quietSignalbox } from '../../doubles/quiet-config.ts'
import { connect } from 'node:net'
import type { ServerResponse } from 'node:http'
import { createKeyStore } from '../../../gateway/access/key-store.ts'
import type { AdmissionDependencies } from '../../../gateway/access/admission.ts'
import { openLimits } from '../../../gateway/access/open-limits.ts'
import { createSessionTokens } from '../../../gateway/access/session-tokens.ts'
import type { Deployment, GatewayConfig } from '../../../gateway/config/gateway-config.ts'
import type { GatewayStatus } from '../../../gateway/contract/status.ts'
import { readCatalogue } from '../../../gateway/config/providers/catalogue.ts'
import { createConfigEditor } from '../../../gateway/config/edit/config-editor.ts'
import { createActivityFeed } from '../../../gateway/http/control/activity-feed.ts'
import { deskDouble } from '../../doubles/desk-double.ts'
import { agentsDouble } from '../../doubles/agents-double.ts'
import type { HttpDependencies } from '../../../gateway/http/http-dependencies.ts'
import { createHttpServer } from '../../../gateway/http/server.ts'
import type { RequestRecord } from '../../../gateway/ledger/request-record.ts'
import { Secret } from '../../../gateway/model/secret.ts'
import type { SwitchPosition } from '../../../gateway/model/switch-position.ts'
import { quietSnapshot } from '../../../gateway/routing/quiet-snapshot.ts'
import type { RelayRequest } from '../../../gateway/relay/relay-request.ts'
import type { KeyRecord } from '../../../gateway/store/key-repository.ts'
import { noNetwork } from '../../doubles/network/no-network.ts'

export const masterKey = 'sk-master-key-of-the-tests'
/** The harness compiles nothing: its file is empty and cannot be written. */
const harnessConfigFile = {
  path: '/nowhere/config.yaml',
  readFile: () => '',
  lookup: () => undefined,
  catalogue: readCatalogue(),
}

export const controlToken = 'control-token-of-the-tests'

/** What a test may look at and change while the server runs. */
export interface Harness {
  readonly url: string
  readonly port: number
  readonly relayed: RelayRequest[]
  readonly refused: RequestRecord[]
  readonly logged: object[]
  readonly rows: Map<string, KeyRecord>
  readonly recorded: Map<string, RequestRecord>
  readonly switches: Map<string, SwitchPosition>
  readonly dependencies: HttpDependencies
  config: GatewayConfig
  /** What the relay does with a request; by default it answers a small JSON. */
  carry: (response: ServerResponse, request: RelayRequest) => void
  drain: (graceMs: number) => Promise<void>
  close(graceMs?: number): Promise<void>
}

export async function startHarness(
  changes: Partial<HttpDependencies> = {},
  place: { host?: string; price?: AdmissionDependencies['price'] } = {},
): Promise<Harness> {
  const rows = new Map<string, KeyRecord>()
  const recorded = new Map<string, RequestRecord>()
  const switches = new Map<string, SwitchPosition>()
  const logged: object[] = []
  const relayed: RelayRequest[] = []
  const refused: RequestRecord[] = []
  const now = changes.now ?? (() => Date.now())
  const monotonic = changes.monotonic ?? (() => performance.now())
  const harness: Partial<Harness> & Pick<Harness, 'config' | 'carry' | 'drain'> = {
    config: testConfig(),
    carry: answerOk,
    drain: async () => {},
  }
  const keys = createKeyStore({ now, repository: keyRowsDouble(rows) })
  const limits = await openLimits({
    repository: budgetRowsDouble(),
    keys,
    config: () => harness.config,
    price: place.price ?? (() => ({ costNanoUsd: 1000, billing: 'billed' })),
    onNotice: (notice) => void logged.push({ notice }),
    onFailure: (failure) => void logged.push({ failure }),
    now,
    monotonic,
  })
  const dependencies: HttpDependencies = {
    version: '0.0.0-test',
    now,
    monotonic,
    logger: {
      warn: (details) => void logged.push(details),
      error: (details) => void logged.push(details),
    },
    config: () => harness.config,
    configEditor: createConfigEditor({ load: harnessConfigFile, reload: () => undefined }),
    snapshot: (allowedModels) => ({
      ...quietSnapshot,
      now: now(),
      config: harness.config,
      switches,
      demo: 'listed',
      allowedModels,
      random: 0,
    }),
    cache: { size: async () => ({ answers: 0, bytes: 0 }), delete: async () => 0, clear: async () => 0 },
    countTokens: async () => undefined,
    agents: agentsDouble,
    agentModels: () => ({ url: '', models: [] }),
    relay: {
      inFlight: 0,
      carry(request) {
        relayed.push(request)
        harness.carry(request.response, request)
      },
      drain: (graceMs) => harness.drain(graceMs),
    },
    keys,
    admission: limits.admission,
    budgets: limits.views,
    sessions: createSessionTokens({ now }),
    ...deskDouble(),
    masterKey: () => ({ secret: new Secret(masterKey), source: 'test' }),
    controlToken: new Secret(controlToken),
    ledger: {
      recent: async (limit, before) =>
        [...recorded.values()].filter((row) => row.startedAt < (before ?? Infinity)).slice(0, limit),
      find: async (id) => recorded.get(id),
      spendSince: async () => ({
        requests: 0,
        billedNanoUsd: 0,
        demoNanoUsd: 0,
        unknownPriced: 0,
        requestsByRouter: new Map([['smart', 3]]),
        lastTier: undefined,
      }),
    },
    reprice: async () => {
      throw new Error('not here')
    },
    reports: {
      spendLogs: async (query) => JSON.stringify([{ query }]),
      spendReport: async () => reportDouble(),
      sessionView: async (session) => ({ session, totals: sumsDouble(), turns: [], truncated: false }),
      findRequests: async () => ({ requests: [], next: null, bounded: false }),
      sessionPlace: async () => ({ turn: 1, turns: 2, billedNanoUsd: 3 }),
      liteSpend: async (view, query) => JSON.stringify({ view, query }),
    },
    feed: createActivityFeed(),
    auditEvents: async () => [],
    status: async () => testStatus,
    metrics: async () => ({ contentType: 'text/plain', text: '' }),
    gpus: async () => ({ gpus: [], problems: [] }),
    network: async () => noNetwork,
    backends: () => ({ discovery: false, backends: [] }),
    refreshBackends: async () => ({ discovery: false, backends: [] }),
    providerSync: {
      places: () => [],
      offer: () => Promise.reject(new Error('no test asks')),
      add: () => Promise.reject(new Error('no test asks')),
    },
    setSwitch: async (router, position) => void switches.set(router, position),
    recordRefusal: (record) => void refused.push(record),
    deployments: {
      isGone: () => false,
      condition: () => undefined,
      health: () => undefined,
      problem: () => undefined,
      limits: () => [],
      probe: async () => {},
    },
    uiDirectory: undefined,
    ...changes,
  }
  const server = await createHttpServer(dependencies)
  const { url, port } = await server.listen({ host: place.host ?? '127.0.0.1', port: 0 })
  return Object.assign(harness, {
    url,
    port,
    relayed,
    refused,
    logged,
    rows,
    recorded,
    switches,
    dependencies,
    close: (graceMs = 0) => server.close(graceMs),
  })
}

function answerOk(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' })
  response.end('{"ok":true}')
}

export const testStatus: GatewayStatus = {
  version: '0.0.0-test',
  url: 'http://127.0.0.1:4000',
  startedAt: 1,
  phase: 'running',
  inFlight: 0,
  models: 2,
  demo: 'listed',
  config: { path: '/config.yaml', revision: 'r1', problems: [], refused: false, restartNeeded: [] },
  spendToday: { requests: 0, billedNanoUsd: 0, demoNanoUsd: 0, unknownPriced: 0 },
  lastTier: null,
}

/** Two models and a router over them. */
export function testConfig(changes: Partial<GatewayConfig> = {}): GatewayConfig {
  const cheap = testDeployment('cheap')
  const strong = testDeployment('vendor/strong')
  return {
    revision: 'r1',
    path: '/config.yaml',
    modelNames: ['cheap', 'vendor/strong', 'smart'],
    groups: new Map([
      ['cheap', [cheap]],
      ['vendor/strong', [strong]],
    ]),
    routers: new Map([
      [
        'smart',
        {
          name: 'smart',
          tiers: {
            SIMPLE: [{ model: 'cheap', state: 'configured', defaults: {} }],
            COMPLEX: [{ model: 'vendor/strong', state: 'configured', defaults: {} }],
          },
          defaultModel: undefined,
          complexity: noOverrides,
          missingTier: 'nearest',
          line: 1,
        },
      ],
    ]),
    aliases: new Map(),
    fallbacks: new Map(),
    ...quietDelivery,
    maxFallbacks: 5,
    numRetries: 2,
    masterKey: { kind: 'none' },
    server: { port: undefined, host: undefined },
    signalbox: {
      ...quietSignalbox,
      allowedHosts: [],
      allowDockerHost: false,
      discovery: 'off',
      demo: 'on',
      toolValidation: 'warn',
      thinkTags: 'read',
      cache: cacheOff,
      retention: { rowDays: undefined },
      priceRefresh: { every: 'off', url: undefined },
      bodyLimitBytes: 1024 * 1024,
    },
    backends: [],
    dropParams: false,
    traces: [],
    ...changes,
  }
}

const noOverrides = {
  tierBoundaries: {},
  tokenThresholds: {},
  dimensionWeights: undefined,
  codeKeywords: undefined,
  reasoningKeywords: undefined,
  technicalKeywords: undefined,
  simpleKeywords: undefined,
  customTechnicalKeywords: [],
  reasoningOverrideMinScore: undefined,
  textScope: 'user',
  noSignalTier: undefined,
  reminderMarkers: undefined,
} as const

export function testDeployment(name: string, changes: Partial<Deployment> = {}): Deployment {
  return {
    ...deploymentDouble({ id: `id-${name}`, modelName: name, upstreamModel: name, baseUrl: 'http://127.0.0.1:1/v1' }),
    apiKey: { kind: 'value', secret: new Secret('sk-provider-secret-canary') },
    headers: { 'x-secret': 'header-canary' },
    ...changes,
  }
}

/** JSON of any shape; of refusals the parts that tests look at. */
export type AnswerJson = Record<string, unknown> & {
  error: { code: string; message: string; type: string; param: string | null }
}

export interface RawAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly json: () => AnswerJson
}

/** Sends exactly these bytes over a socket of its own and reads until the server has answered and closed. */
export function sendRaw(port: number, text: string | readonly (string | Buffer)[]): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    const socket = connect(port, '127.0.0.1')
    socket.setTimeout(30_000, () => socket.destroy(new Error('no answer within 30 s')))
    socket.on('data', (chunk) => chunks.push(chunk))
    socket.on('error', reject)
    socket.on('close', () => {
      if (chunks.length > 0) resolve(parseAnswer(Buffer.concat(chunks)))
    })
    for (const part of typeof text === 'string' ? [text] : text) socket.write(part)
  })
}

export interface PlainRequest {
  readonly method?: string
  readonly path?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly key?: string
  readonly body?: unknown
}

/** A well-behaved request: its own Host, JSON, `connection: close`. Headers given here win. */
export function send(port: number, request: PlainRequest): Promise<RawAnswer> {
  const body = request.body === undefined ? '' : asText(request.body)
  const headers: Record<string, string> = { host: `127.0.0.1:${port}`, connection: 'close' }
  if (request.key !== undefined) headers.authorization = `Bearer ${request.key}`
  if (request.body !== undefined) headers['content-type'] = 'application/json'
  if (request.body !== undefined) headers['content-length'] = String(Buffer.byteLength(body))
  Object.assign(headers, request.headers)
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  const method = request.method ?? (request.body === undefined ? 'GET' : 'POST')
  return sendRaw(port, `${method} ${request.path ?? '/'} HTTP/1.1\r\n${lines.join('')}\r\n${body}`)
}

function asText(body: unknown): string {
  return typeof body === 'string' ? body : JSON.stringify(body)
}

function parseAnswer(bytes: Buffer): RawAnswer {
  const text = bytes.toString('utf8')
  const end = text.indexOf('\r\n\r\n')
  const [statusLine = '', ...headerLines] = text.slice(0, end).split('\r\n')
  const headers = Object.fromEntries(
    headerLines.map((line) => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
    }),
  )
  const body = headers['transfer-encoding'] === 'chunked' ? joinChunks(text.slice(end + 4)) : text.slice(end + 4)
  return { status: Number(statusLine.split(' ')[1]), headers, body, json: () => JSON.parse(body) }
}

function joinChunks(text: string): string {
  let rest = text
  let body = ''
  for (;;) {
    const size = Number.parseInt(rest, 16)
    if (!(size > 0)) return body
    const start = rest.indexOf('\r\n') + 2
    body += rest.slice(start, start + size)
    rest = rest.slice(start + size + 2)
  }
}

export const chatBody = { model: 'cheap', messages: [{ role: 'user', content: 'hello' }] }
