import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Deployment } from '../../gateway/config/gateway-config.ts'
import type { Ledger } from '../../gateway/ledger/ledger.ts'
import type { RequestRecord } from '../../gateway/ledger/request-record.ts'
import { chatCodec } from '../../gateway/dialects/chat-completions/codec.ts'
import type { JsonObject } from '../../gateway/model/json.ts'
import { createDeploymentBoard } from '../../gateway/relay/deployments/deployment-board.ts'
import { noQueue } from '../../gateway/relay/deployments/fair-queue.ts'
import { MissingWires } from '../../gateway/relay/missing-wires.ts'
import { RefusedFields } from '../../gateway/relay/refused-fields.ts'
import { scanTopLevelFields } from '../../gateway/model/json-fields.ts'
import { createProviderRegistry } from '../../gateway/providers/registry.ts'
import type { CarrierDependencies, CarrySettings } from '../../gateway/relay/carrier-dependencies.ts'
import type { Relay, RelayRequest } from '../../gateway/relay/relay-request.ts'
import { createReasoningCache } from '../../gateway/relay/reasoning-cache.ts'
import { createRelay } from '../../gateway/relay/relay.ts'
import { createToolValidation } from '../../gateway/relay/tool-validation/tool-validation.ts'
import { quietDelivery, quietSignalbox } from './quiet-config.ts'
import { deploymentDouble } from './deployment.ts'
import type { RequestFacts } from '../../gateway/model/request-facts.ts'
import type { Candidate, Plan } from '../../gateway/routing/plan-types.ts'
import { createUpstreamDispatcher } from '../../gateway/upstream/dispatch.ts'

/** A relay behind a bare HTTP server: every request is carried through the plan that the test sets. */
export interface RelayServer {
  readonly url: string
  readonly relay: Relay
  /** Rows in order of commit, each with whether the response had ended by then. */
  readonly rows: readonly CommittedRow[]
  setDeployments(deployments: readonly Deployment[]): void
  /** Changes the plan of the requests that follow. */
  changePlan(changes: Partial<Plan>): void
  /** Changes the requests that follow, beyond their body. */
  changeRequests(changes: Partial<RelayRequest>, facts?: Partial<RequestFacts>): void
  /** Commits wait until released. */
  holdCommits(): () => void
  failCommits(): void
  nextRow(): Promise<RequestRecord>
  close(): Promise<void>
}

export interface CommittedRow {
  readonly record: RequestRecord
  readonly endedBefore: boolean
}

export function deploymentAt(baseUrl: string, changes: Partial<Deployment> = {}): Deployment {
  const id = `id-${changes.upstreamModel ?? 'model'}`
  return { ...deploymentDouble({ id, modelName: 'group', upstreamModel: 'model', baseUrl }), ...changes }
}

/** A candidate for each deployment, each the group of the next place in the chain. */
export function candidatesOf(deployments: readonly Deployment[], firstIndex = 0): Candidate[] {
  return deployments.map((deployment, index) => ({
    deployment,
    group: deployment.modelName,
    chainIndex: firstIndex + index,
    defaults: deployment.defaults,
  }))
}

/** A configuration that says nothing about how requests are carried, but for these changes. */
export function carrySettings(
  changes: Partial<CarrySettings['signalbox']> = {},
  policy: Partial<Omit<CarrySettings, 'signalbox'>> = {},
): CarrySettings {
  return {
    numRetries: 0,
    retryPolicy: quietDelivery.retryPolicy,
    ...policy,
    signalbox: { ...quietSignalbox, ...changes },
  }
}

export async function startRelayServer(changes: Partial<CarrierDependencies> = {}): Promise<RelayServer> {
  const upstream = createUpstreamDispatcher()
  const ledger = createLedgerDouble()
  let plan: Plan = {
    asked: 'group',
    candidates: [],
    skipped: [],
    onContextWindow: [],
    onContentPolicy: [],
    waiting: [],
    failFast: false,
    decision: undefined,
    warnings: [],
  }
  const relay = createRelay({
    board: createDeploymentBoard({ now: Date.now, config: () => quietDelivery }),
    queue: noQueue,
    missingWires: new MissingWires(),
    refusedFields: new RefusedFields(),
    toolValidation: createToolValidation({ mode: () => 'warn' }),
    reasoning: createReasoningCache({ now: Date.now }),
    dropParams: () => false,
    providers: createProviderRegistry({ upstream, userAgent: 'signalbox/test' }),
    ledger,
    prices: {
      price: (_deployment, usage) => ({
        costNanoUsd: usage === null ? null : usage.outputTokens,
        source: 'override',
        billing: 'billed',
        provenance: 'config',
      }),
      comparablePrice: () => undefined,
    },
    topTier: () => undefined,
    activity: { started: () => {}, firstToken: () => {}, finished: () => {} },
    logger: { warn: () => {}, error: () => {} },
    config: () => carrySettings(),
    random: () => 0,
    keySpend: () => undefined,
    ...changes,
  })
  let requestChanges: Partial<RelayRequest> = {}
  let factChanges: Partial<RequestFacts> = {}
  let count = 0
  const carry = (body: Buffer, response: ServerResponse): void => {
    const json = JSON.parse(body.toString()) as JsonObject
    ledger.watch(`call-${count}`, response)
    relay.carry({
      callId: `call-${count}`,
      startedAt: Date.now(),
      startedMonotonic: performance.now(),
      caller: { keyId: 'key', keyAlias: null, userId: null, teamId: null, agent: null, sessionId: null },
      keyHeaders: {},
      facts: {
        dialect: 'chat-completions',
        model: 'group',
        stream: json.stream === true,
        userText: '',
        systemText: '',
        bodyBytes: body.length,
        toolCount: 0,
        hasImages: false,
        maxOutputTokens: undefined,
        requestFallbacks: undefined,
        tags: [],
        controls: {},
        endUser: undefined,
        ...factChanges,
      },
      features: null,
      plan,
      body,
      fields: scanTopLevelFields(body),
      codec: chatCodec,
      input: { body: json, headers: {}, url: {} },
      dialectHeaders: {},
      response,
      ...requestChanges,
    })
    count += 1
  }
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => carry(Buffer.concat(chunks), response))
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    relay,
    rows: ledger.rows,
    setDeployments: (deployments) => {
      plan = { ...plan, candidates: candidatesOf(deployments) }
    },
    changePlan: (planChanges) => {
      plan = { ...plan, ...planChanges }
    },
    changeRequests: (changed, facts = {}) => {
      requestChanges = changed
      factChanges = facts
    },
    holdCommits: ledger.hold,
    failCommits: ledger.fail,
    nextRow: ledger.next,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => {
        server.close(resolve)
      })
      await upstream.destroy()
    },
  }
}

/** Keeps rows in memory; `done` comes a tick later, as from the real one. */
function createLedgerDouble() {
  const rows: CommittedRow[] = []
  const waiting: ((record: RequestRecord) => void)[] = []
  const responses = new Map<string, ServerResponse>()
  let gate: Promise<void> | undefined
  let failure: Error | undefined
  let handedOut = 0

  const ledger: Pick<Ledger, 'commit'> = {
    commit(record, done) {
      rows.push({ record, endedBefore: responses.get(record.id)?.writableEnded === true })
      const finish = (): void => done(failure)
      if (gate === undefined) setImmediate(finish)
      else void gate.then(finish)
      waiting.shift()?.(record)
    },
  }
  return {
    ...(ledger as Ledger),
    rows,
    watch: (id: string, response: ServerResponse) => responses.set(id, response),
    hold: () => {
      const { promise, resolve } = Promise.withResolvers<void>()
      gate = promise
      return () => {
        gate = undefined
        resolve()
      }
    },
    fail: () => {
      failure = new Error('disk full')
    },
    next: (): Promise<RequestRecord> => {
      const row = rows[handedOut]
      handedOut += 1
      if (row !== undefined) return Promise.resolve(row.record)
      return new Promise((resolve) => {
        waiting.push(resolve)
      })
    },
  }
}
