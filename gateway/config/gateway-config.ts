import type { TierBoundaries, TokenThresholds } from '../model/complexity.ts'
import type { JsonValue } from '../model/json.ts'
import type { Secret } from '../model/secret.ts'
import type { Tier } from '../model/tier.ts'
import type { Budget, BudgetSettings } from './budget-settings.ts'
import type {
  CooldownSettings,
  DeliverySettings,
  DeploymentCooldown,
  AccountQuota,
  DeploymentQuota,
  RetryPolicy,
  RoutingSettings,
  TagFiltering,
} from './delivery-settings.ts'
import type { Role } from './role.ts'

/** The compiled configuration: immutable, everything resolved, read by routing, relay and HTTP. A reload makes a new one. */
export interface GatewayConfig {
  /** Changes whenever anything in the compiled configuration changes. */
  readonly revision: string
  /** Absolute path of the file it came from. */
  readonly path: string
  /** Every `model_name` in file order, routers included: the order of `/v1/models`. */
  readonly modelNames: readonly string[]
  /** Deployments by `model_name`; several under one name are balanced. A name with a `*` stands for every name that it covers. */
  readonly groups: ReadonlyMap<string, readonly Deployment[]>
  readonly routers: ReadonlyMap<string, RouterDefinition>
  /** Deployments by what stands for any local model (`local/*`, `local:tools`); callable, not listed. Made from the servers that are up. */
  readonly selectors?: ReadonlyMap<string, readonly Deployment[]>
  /** Local servers that are known and not there, by name, with what is wrong: `does not run: nobody listens at …`. Made from them. */
  readonly absentBackends?: ReadonlyMap<string, string>
  /** Aliases of groups (`router_settings.model_group_alias`). A hidden one is callable but not listed. */
  readonly aliases: ReadonlyMap<string, { readonly group: string; readonly hidden: boolean }>
  /** Roles and categories of agents by the name they are called by (`role/oracle`, `category/quick`). Absent = none. */
  readonly roles?: ReadonlyMap<string, Role>
  /** Providers whose lists of models can be asked for without an entry that names them. Absent = none. */
  readonly providers?: ReadonlyMap<string, NamedProvider>
  /** Ordered fallback groups by group name; `*` holds the default. */
  readonly fallbacks: ReadonlyMap<string, readonly string[]>
  /** Like `fallbacks`, for a request that is too long for the model. */
  readonly contextWindowFallbacks: ReadonlyMap<string, readonly string[]>
  /** Like `fallbacks`, for a request whose content the model refuses. */
  readonly contentPolicyFallbacks: ReadonlyMap<string, readonly string[]>
  readonly maxFallbacks: number
  /** Repeats on the same deployment after its first failure. */
  readonly numRetries: number
  readonly retryPolicy: RetryPolicy
  readonly routing: RoutingSettings
  readonly cooldown: CooldownSettings
  readonly tagFiltering: TagFiltering
  /** Leave out deployments whose context window is provably too small. On unless the file says no. */
  readonly preCallChecks: boolean
  readonly budgets: BudgetSettings
  readonly masterKey: KeyReference
  readonly server: ServerSettings
  readonly signalbox: SignalboxSettings
  /** Servers of models that the user names (`backends:`), in file order. */
  readonly backends: readonly NamedBackend[]
  readonly dropParams: boolean
  /** Where finished requests are reported to (`success_callback: ["otel", "langfuse"]`); usually nowhere. */
  readonly traces: readonly TraceTarget[]
}

/** A provider by the prefix of its models, and where and with which key it is asked. */
export type NamedProvider = { readonly name: string } & Pick<
  Deployment,
  'adapter' | 'baseUrl' | 'apiKey' | 'headers' | 'deadlines'
>

/** A collector of OpenTelemetry traces over HTTP. */
export interface TraceTarget {
  readonly name: 'otel' | 'langfuse'
  readonly url: string
  /** Values may hold credentials: never shown, never logged. */
  readonly headers: Readonly<Record<string, string>>
  readonly timeoutMs: number
  readonly serviceName: string
  /** More attributes of the resource (`OTEL_RESOURCE_ATTRIBUTES`). */
  readonly resource: Readonly<Record<string, string>>
}

/** Rows of requests are kept so long; sums by hour for good. */
export interface RetentionSettings {
  /** Undefined = for good. */
  readonly rowDays: number | undefined
}

/** Whether the price list of the library is fetched anew while the gateway runs. */
export interface PriceRefresh {
  readonly every: 'off' | 'weekly'
  /** Undefined = the library's own place. */
  readonly url: string | undefined
}

export interface ServerSettings {
  readonly port: number | undefined
  readonly host: string | undefined
}

/** Our own block `signalbox:`. */
export interface SignalboxSettings extends DeliverySettings {
  readonly allowedHosts: readonly string[]
  /** `host.docker.internal` counts as a loopback name. */
  readonly allowDockerHost: boolean
  readonly discovery: 'off' | 'loopback'
  readonly demo: 'on' | 'off'
  /** Whether the files of connected agents follow the models. Absent = on. */
  readonly agentResync?: 'on' | 'off'
  /** Whether their files are as before while the gateway does not run. Absent = no. */
  readonly restoreAgentsOnQuit?: boolean
  /** What happens with a tool call whose arguments break the client's own schema. */
  readonly toolValidation: 'off' | 'warn' | 'repair'
  /** Whether `<think>` at the beginning of a translated answer is read as thinking or kept as text. */
  readonly thinkTags: 'read' | 'keep'
  readonly cache: CacheSettings
  /** How the ledger ages, and where prices come from. */
  readonly retention: RetentionSettings
  readonly priceRefresh: PriceRefresh
  /** Largest request body in bytes. */
  readonly bodyLimitBytes: number
}

/** Kinds of call whose answers may be kept: conversations by dialect, legacy completions, embeddings. */
export const cachedCalls = ['chat-completions', 'responses', 'messages', 'gemini', 'completions', 'embeddings'] as const

export type CachedCall = (typeof cachedCalls)[number]

/** The cache of answers: `litellm_settings.cache` and `cache_params`, and our own `signalbox.cache`, which wins. */
export interface CacheSettings {
  /** Answers are kept only when a person switched this on. */
  readonly enabled: boolean
  /** Identical requests of the same moment share one upstream call, also where nothing is kept. */
  readonly coalesce: boolean
  /** `default_off`: only for requests that say `use-cache`. */
  readonly mode: 'default_on' | 'default_off'
  /** How long an answer is kept, in ms, unless the request says otherwise; no request gets more than `maxAgeMs`. */
  readonly ttlMs: number
  readonly maxAgeMs: number
  /** Least recently used answers go when they take more bytes than this. */
  readonly maxBytes: number
  /** True: one key may get what another key's request brought, as in LiteLLM. */
  readonly shared: boolean
  readonly namespace: string | undefined
  readonly calls: readonly CachedCall[]
}

/** A credential as far as it could be resolved. `missing` names the variables that would supply it. */
export type KeyReference =
  | { readonly kind: 'none' }
  /** `names`: the variables that it came from; absent = it stands in the file. */
  | { readonly kind: 'value'; readonly secret: Secret; readonly names?: readonly string[] }
  | { readonly kind: 'missing'; readonly names: readonly string[] }

/** One upstream target: a `model_list` entry that is not a router. */
export interface Deployment {
  /** `model_info.id`, else a 64-hex hash of group and parameters. Callable as a model name, seen in `x-litellm-model-id`. */
  readonly id: string
  readonly modelName: string
  /** The prefix of `litellm_params.model`: the spend category. */
  readonly provider: string
  readonly adapter: 'openai-compatible' | 'openai-responses' | 'anthropic' | 'gemini' | 'ollama' | 'demo'
  /**
   * The same deployment on its other wires, in order of preference: each differs in `adapter` and `baseUrl` only. A request
   * in the dialect of one of them is passed through; one whose endpoint turns out not to exist is left for the next.
   */
  readonly alternatives: readonly Deployment[]
  /** The model id sent upstream. */
  readonly upstreamModel: string
  /** Without trailing slash; `/chat/completions` is appended. Empty for `demo`. */
  readonly baseUrl: string
  readonly apiKey: KeyReference
  /** Names in lower case. Values may hold keys: never shown, never logged. */
  readonly headers: Readonly<Record<string, string>>
  /** A header that must hold one value for each conversation, in lower case; absent where the upstream wants none. */
  readonly sessionHeader?: string
  /** Request fields sent with every call unless the client sent them. */
  readonly defaults: Readonly<Record<string, JsonValue>>
  /** Request fields the upstream is known to refuse: removed with a warning. */
  readonly refusedFields: readonly string[]
  /** Request fields that the upstream knows by another name: the client's name, then the upstream's. */
  readonly renamedFields: Readonly<Record<string, string>>
  /** Whether the upstream accepts `stream_options`. Where it does not, it reports usage by itself. */
  readonly acceptsStreamOptions: boolean
  readonly prices: PriceOverride | undefined
  /** Absent = per token, or `local` where the provider is a local server. */
  readonly billing?: PaidBy
  readonly baseModel: string | undefined
  readonly weight: number | undefined
  readonly rpm: number | undefined
  readonly tpm: number | undefined
  readonly order: number
  readonly deadlines: Deadlines
  readonly tags: readonly string[]
  /** Names that a key may be allowed in place of this model's (`model_info.access_groups`). */
  readonly accessGroups: readonly string[]
  /** Requests that may run on it at once. */
  readonly maxParallelRequests: number | undefined
  /** Undefined = no limit is known. */
  readonly quota: DeploymentQuota | undefined
  /** What its provider counts over all models of one key; absent = no such limit is known. */
  readonly account?: AccountQuota
  readonly cooldown: DeploymentCooldown
  /** What may be spent on it. */
  readonly budget: Budget | undefined
  /** Repeats on this deployment; undefined = as for all. */
  readonly numRetries: number | undefined
  /** One try: no repeat, no fallback, no queue. */
  readonly failFast: boolean
  /** Input tokens that it takes at most. */
  readonly contextWindow: number | undefined
  /** True when that figure is a list's and neither the file's nor the server's own: nothing is refused for it. */
  readonly windowIsPresumed?: boolean
  /** Input and output tokens together, where the file says so (`model_info.context_window`). */
  readonly totalWindow: number | undefined
  readonly maxOutputTokens: number | undefined
  /** `model_info` as written, for `/model/info`. */
  readonly modelInfo: Readonly<Record<string, JsonValue>>
  /** Line of the entry in the file, 1-based; 0 for what is not in it. */
  readonly line: number
  /** What the server itself says of the model, where it is one that was found or named under `backends`. */
  readonly local?: LocalModel
}

/** What a model can do, in the words of `local:<capability>`. */
export const modelCapabilities = ['chat', 'tools', 'vision', 'embeddings', 'thinking'] as const

export type ModelCapability = (typeof modelCapabilities)[number]

/** A model on a server of one's own, as that server describes it. Undefined = it does not say. */
export interface LocalModel {
  /** The server's name: what stands before the slash in `/v1/models`. */
  readonly backend: string
  readonly vendor: string
  /** False when the first request must wait until it is loaded. */
  readonly loaded: boolean | undefined
  /** True while the server is occupied: it ranks lower. */
  readonly busy: boolean
  readonly capabilities: readonly ModelCapability[] | undefined
  /** In tokens: what it is loaded with, as opposed to what it could take. */
  readonly loadedContext: number | undefined
  readonly sizeBytes: number | undefined
  readonly quantization: string | undefined
  /** Such as `8.2B`. */
  readonly parameters: string | undefined
}

/** `url`: scheme, host and port, with the path under which the server lives if there is one; no slash at the end. */
export type BackendPlace =
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'host'; readonly host: string }

/** One entry of the block `backends`. */
export interface NamedBackend {
  readonly name: string
  /** One server, or a host on which the usual ports are looked at. */
  readonly place: BackendPlace
  /** What the user says it is; it is checked all the same. */
  readonly vendor: string | undefined
  readonly apiKey: KeyReference
  /** Over what it is reached; undefined = learned. */
  readonly network: 'vpn' | 'lan' | 'any' | undefined
  readonly enabled: boolean
  /** Line of the entry in the file, 1-based. */
  readonly line: number
}

/** All in ms. */
export interface Deadlines {
  readonly connectMs: number
  readonly firstByteMs: number
  /** The same for streams, where it differs. */
  readonly streamFirstByteMs?: number
  readonly idleMs: number
  readonly totalMs: number
}

/** USD per token, as exact decimal text (`1.5e-7`, `0.00000015`), so that no binary float touches money. */
export interface PriceParts {
  readonly inputPerToken: string | undefined
  readonly outputPerToken: string | undefined
  readonly cachedPerToken: string | undefined
  readonly cacheWritePerToken: string | undefined
  readonly reasoningPerToken: string | undefined
  /** Cache writes kept for an hour; absent = as `cacheWritePerToken`. */
  readonly cacheWrite1hPerToken?: string
}

/** Prices of the whole request once its input is above a size; what a step leaves out stays as it is below. */
export interface PriceStep extends PriceParts {
  readonly aboveTokens: number
}

/** The prices an entry of the config gives. */
export interface PriceOverride extends PriceParts {
  /** USD per request, on top of the tokens. */
  readonly perRequest?: string
  readonly steps?: readonly PriceStep[]
  /** By service tier: `flex`, `priority`, `batch`. */
  readonly serviceTiers?: Readonly<Record<string, PriceParts>>
}

/** How a provider is paid: per token, by subscription, or not at all because the model runs here. */
export type PaidBy = 'billed' | 'flat_rate' | 'local'

export interface TierTarget {
  readonly model: string
  /** `waiting`: no such model now, but its prefix names a backend that may bring it. */
  readonly state: 'configured' | 'waiting'
  /** Request fields added for this tier (`litellm_params` of a tier object). */
  readonly defaults: Readonly<Record<string, JsonValue>>
}

/** A complexity router as written; defaults of weights and boundaries are in `model/complexity`, word lists in `routing/complexity`. */
export interface RouterDefinition {
  readonly name: string
  /** Each tier is an ordered chain: the first model that can answer is used. */
  readonly tiers: Readonly<Partial<Record<Tier, readonly TierTarget[]>>>
  readonly defaultModel: TierTarget | undefined
  readonly complexity: ComplexityOverrides
  /** What a tier that is not configured means: the nearest one (ours), or LiteLLM's default-model rule. */
  readonly missingTier: 'nearest' | 'litellm'
  readonly line: number
}

/** What the file says; an absent value means the default. Boundaries and thresholds merge per key, weights do not: a missing one is 0. */
export interface ComplexityOverrides {
  readonly tierBoundaries: Readonly<Partial<TierBoundaries>>
  readonly tokenThresholds: Readonly<Partial<TokenThresholds>>
  readonly dimensionWeights: Readonly<Record<string, number>> | undefined
  readonly codeKeywords: readonly string[] | undefined
  readonly reasoningKeywords: readonly string[] | undefined
  readonly technicalKeywords: readonly string[] | undefined
  readonly simpleKeywords: readonly string[] | undefined
  readonly customTechnicalKeywords: readonly string[]
  /** The override to REASONING also needs this score; undefined = unconditional. */
  readonly reasoningOverrideMinScore: number | undefined
  /** Which text the keyword dimensions scan (tokens, reasoning and questions always read the user text only). */
  readonly textScope: 'user' | 'system_and_user'
  /** Tier for a prompt in which no dimension fired; undefined = by score. */
  readonly noSignalTier: Tier | undefined
  /** Replaces the default harness blocks that are cut from user text. */
  readonly reminderMarkers: readonly { readonly open: string; readonly close: string }[] | undefined
}
