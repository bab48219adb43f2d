import type { RepriceRequest, Repricing } from '../contract/spend.ts'
import type { Admission } from '../access/admission.ts'
import type { BudgetViews } from '../access/budgets/budget-views.ts'
import type { KeyStore } from '../access/key-store.ts'
import type { SessionTokens } from '../access/session-tokens.ts'
import type { AgentService } from '../agents/agent-service.ts'
import type { AnswerCache } from '../cache/answer-cache.ts'
import type { ConfigEditor } from '../config/edit/config-editor.ts'
import type { Deployment, GatewayConfig } from '../config/gateway-config.ts'
import type { BackendList } from '../contract/backends.ts'
import type { AgentModels } from '../contract/agents.ts'
import type { GpuList } from '../contract/gpus.ts'
import type { NetworkView } from '../contract/network.ts'
import type { GatewayStatus } from '../contract/status.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Reports } from '../ledger/reports.ts'
import type { RequestRecord } from '../ledger/request-record.ts'
import type { ProviderSync } from '../providers/sync/provider-sync.ts'
import type { Secret } from '../model/secret.ts'
import type { SwitchPosition } from '../model/switch-position.ts'
import type { AuditRepository } from '../store/audit-repository.ts'
import type { TokenCounter } from '../relay/count-tokens.ts'
import type { Relay } from '../relay/relay-request.ts'
import type { LimitView } from '../relay/deployments/limit-view.ts'
import type { DeploymentCondition, RoutingSnapshot } from '../routing/plan-types.ts'
import type { ActivityFeed } from './control/activity-feed.ts'
import type { DeskDependencies } from './desk-dependencies.ts'
import type { HttpLogger } from './error-reply.ts'

/** Everything the HTTP side stands on. It owns none of it: starting and stopping is the composition root's. */
export interface HttpDependencies extends DeskDependencies {
  readonly version: string
  /** ms since the epoch. */
  readonly now: () => number
  /** A clock in ms that never jumps. */
  readonly monotonic: () => number
  readonly logger: HttpLogger
  /** The configuration in effect; read anew for each request, so that a reload needs no restart. */
  readonly config: () => GatewayConfig
  readonly configEditor: ConfigEditor
  /** The state a decision is made from, for a key that may use these models (undefined = all). */
  readonly snapshot: (allowedModels: readonly string[] | undefined) => RoutingSnapshot
  readonly relay: Relay
  readonly cache: Pick<AnswerCache, 'size' | 'delete' | 'clear'>
  /** The upstream's own count of input tokens; undefined where it has none. */
  readonly countTokens: TokenCounter
  readonly keys: KeyStore
  /** Budgets and rate limits: asked before a request is made. */
  readonly admission: Admission
  readonly budgets: BudgetViews
  readonly sessions: SessionTokens
  /** The coding agents of this user, and what they are told of models. */
  readonly agents: AgentService
  readonly agentModels: () => AgentModels
  /** Undefined while none is known. */
  readonly masterKey: () => MasterKeyInUse | undefined
  readonly controlToken: Secret
  readonly ledger: Pick<Ledger, 'recent' | 'find' | 'spendSince'>
  /** Prices history anew. */
  readonly reprice: (request: RepriceRequest) => Promise<Repricing>
  readonly reports: Pick<
    Reports,
    'spendLogs' | 'spendReport' | 'liteSpend' | 'sessionView' | 'findRequests' | 'sessionPlace'
  >
  readonly feed: ActivityFeed
  /** Changes, newest first; `before`: an id. */
  readonly auditEvents: AuditRepository['recent']
  readonly status: () => Promise<GatewayStatus>
  /** Everything counted so far, in Prometheus' text format. */
  readonly metrics: () => Promise<{ readonly contentType: string; readonly text: string }>
  /** The local servers as they are now. */
  readonly backends: () => BackendList
  /** The same after everything was asked anew. */
  readonly refreshBackends: () => Promise<BackendList>
  /** The paths to hosts and the tunnels as they are now. */
  readonly network: () => Promise<NetworkView>
  /** This machine's GPUs. Never rejects. */
  readonly gpus: () => Promise<GpuList>
  /** Keeps a position and puts it into effect. Routers are checked before. */
  readonly setSwitch: (router: string, position: SwitchPosition) => Promise<void>
  /** Keeps a request that was refused before it reached the relay. Must not throw. */
  readonly recordRefusal: (record: RequestRecord) => void
  readonly deployments: DeploymentReadings
  readonly providerSync: ProviderSync
  /** Folder with the built interface (`index.html`); undefined = none. */
  readonly uiDirectory: string | undefined
  /** Overrides of how long a request may take to arrive, in ms. */
  readonly receiveTimeouts?: Partial<ReceiveTimeouts>
}

export interface MasterKeyInUse {
  readonly secret: Secret
  /** Where it came from, in words. */
  readonly source: string
}

/** What is known of deployments. */
export interface DeploymentReadings {
  /** From all sources; undefined = never used. */
  readonly condition: (deploymentId: string) => DeploymentCondition | undefined
  /** The last word of its own traffic; undefined = not used since the start. */
  readonly health: (deploymentId: string) => DeploymentState | undefined
  /** What the last probe found wrong, as a sentence part; undefined = nothing, or never asked. */
  readonly problem: (deploymentId: string) => string | undefined
  readonly limits: (deployment: Deployment) => readonly LimitView[]
  /** True where the provider no longer has the model. */
  readonly isGone: (deploymentId: string) => boolean
  /** Asks the upstreams of these, free of charge, whether they are there, where nobody has asked just now. Never throws. */
  readonly probe: (deployments: readonly Deployment[]) => Promise<void>
}

export interface DeploymentState {
  readonly healthy: boolean
  /** One sentence, without secrets, when it is not. */
  readonly error: string | undefined
  /** ms since the epoch. */
  readonly lastSeenAt: number | undefined
}

export interface ReceiveTimeouts {
  readonly headersMs: number
  readonly requestMs: number
  readonly checkEveryMs: number
}
