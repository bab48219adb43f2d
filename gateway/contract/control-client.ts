import type { AuditList } from './audit.ts'
import type { BackendList } from './backends.ts'
import type { AgentChoice, AgentList, AgentModels, AgentPlanView, AgentUndo, AgentView } from './agents.ts'
import type { CacheView, ClearedCache } from './cache.ts'
import type {
  ConfigCheck,
  ConfigChecked,
  ConfigEditOutcome,
  ConfigEdits,
  ConfigReplacement,
  ConfigText,
} from './config.ts'
import type { CreatedKey, KeyChange, KeyList, KeyView, MasterKey, NewKey } from './keys.ts'
import type { AddedModels, AddModels, ProviderList, ProviderModels } from './providers.ts'
import type { QuotaList } from './quotas.ts'
import type { GpuList } from './gpus.ts'
import type { NetworkView } from './network.ts'
import type { Label, LabelList, LabelRequest, RequestStory } from './request-story.ts'
import type { RequestList, RequestQuery } from './requests.ts'
import type { RouterSettings } from './router-settings.ts'
import type { RoleList } from './roles.ts'
import { desktopCalls } from './desktop-calls.ts'
import { controlRoutes } from './routes.ts'
import type { Settings } from './settings.ts'
import type { ExplainRequest, Explanation, RouterList, RouterView } from './routers.ts'
import type { RepriceRequest, Repricing, SessionView, SpendQuery, SpendReport } from './spend.ts'
import type { GatewayStatus, Session, UiLink } from './status.ts'
import type { SwitchPosition } from '../model/switch-position.ts'

/** An answer of the control API that was not a success. `code` is the gateway's stable word. */
export class ControlError extends Error {
  override readonly name = 'ControlError'
  readonly status: number
  readonly code: string

  constructor(status: number, code: string, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}

export interface ControlClientOptions {
  /** `''` in a page (relative URLs), `http://127.0.0.1:4000` elsewhere. */
  readonly baseUrl: string
  /** Read anew for each call, because a session may begin later; undefined sends no Authorization. */
  readonly token: () => string | undefined
  readonly fetch: (input: string, init: RequestInit) => Promise<Response>
}

export type ControlClient = ReturnType<typeof createControlClient>

/** The typed client of the control API. Every method throws ControlError on a refusal and whatever fetch throws when nobody answers. */
export function createControlClient(options: ControlClientOptions) {
  const send = async (method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<Response> => {
    const headers: Record<string, string> = {}
    const token = options.token()
    if (token !== undefined) headers.authorization = `Bearer ${token}`
    if (body !== undefined) headers['content-type'] = 'application/json'
    const init: RequestInit = { method, headers }
    if (body !== undefined) init.body = JSON.stringify(body)
    if (signal !== undefined) init.signal = signal
    const response = await options.fetch(options.baseUrl + path, init)
    if (response.ok) return response
    throw await readError(response)
  }
  const call = async <Answer>(method: string, path: string, body?: unknown): Promise<Answer> =>
    (await (await send(method, path, body)).json()) as Answer

  return {
    ...desktopCalls(call),
    status: () => call<GatewayStatus>('GET', controlRoutes.status),
    requests: (limit: number, before?: number) =>
      call<RequestList>(
        'GET',
        `${controlRoutes.requests}?limit=${limit}${before === undefined ? '' : `&before=${before}`}`,
      ),
    /** A page of the list with filters. */
    findRequests: (query: RequestQuery) => call<RequestList>('GET', `${controlRoutes.requests}?${queryText(query)}`),
    request: (id: string) => call<RequestStory>('GET', controlRoutes.request(id)),
    label: (id: string, label: LabelRequest) => call<Label>('POST', controlRoutes.label(id), label),
    deleteLabel: (id: string) => call<{ deleted: string }>('DELETE', controlRoutes.label(id)),
    labels: () => call<LabelList>('GET', controlRoutes.labels),
    routers: () => call<RouterList>('GET', controlRoutes.routers),
    setSwitch: (router: string, position: SwitchPosition) =>
      call<RouterView>('PUT', controlRoutes.routerSwitch(router), position),
    routerSettings: (router: string) => call<RouterSettings>('GET', controlRoutes.routerSettings(router)),
    explain: (request: ExplainRequest) => call<Explanation>('POST', controlRoutes.explain, request),
    exchangeCode: (code: string) => call<Session>('POST', controlRoutes.session, { code }),
    uiLink: () => call<UiLink>('POST', controlRoutes.uiLink, {}),
    masterKey: () => call<MasterKey>('GET', controlRoutes.masterKey),
    spend: (query: SpendQuery) => call<SpendReport>('GET', `${controlRoutes.spend}?${queryText(query)}`),
    gpus: () => call<GpuList>('GET', controlRoutes.gpus),
    network: () => call<NetworkView>('GET', controlRoutes.network),
    backends: () => call<BackendList>('GET', controlRoutes.backends),
    /** Asks all servers and paths anew first: takes as long as the slowest of them, at most a few seconds. */
    refreshBackends: () => call<BackendList>('POST', controlRoutes.refreshBackends, {}),
    audit: (limit: number) => call<AuditList>('GET', `${controlRoutes.audit}?limit=${limit}`),
    /** The rows of a spend report as the text of a CSV file. */
    spendCsv: async (query: SpendQuery): Promise<string> =>
      (await send('GET', `${controlRoutes.spend}?${queryText({ ...query, format: 'csv' })}`)).text(),
    agents: () => call<AgentList>('GET', controlRoutes.agents),
    agent: (id: string) => call<AgentView>('GET', controlRoutes.agent(id)),
    agentModels: () => call<AgentModels>('GET', controlRoutes.agentModels),
    planAgent: (id: string, choice: AgentChoice) => call<AgentPlanView>('POST', controlRoutes.agentPlan(id), choice),
    connectAgent: (id: string, choice: AgentChoice) =>
      call<AgentPlanView>('POST', controlRoutes.connectAgent(id), choice),
    disconnectAgent: (id: string) => call<AgentUndo>('POST', controlRoutes.disconnectAgent(id), {}),
    cache: () => call<CacheView>('GET', controlRoutes.cache),
    clearCache: () => call<ClearedCache>('DELETE', controlRoutes.cache),
    config: () => call<ConfigText>('GET', controlRoutes.config),
    editConfig: (edits: ConfigEdits) => call<ConfigEditOutcome>('POST', controlRoutes.configEdits, edits),
    replaceConfig: (file: ConfigReplacement) => call<ConfigEditOutcome>('PUT', controlRoutes.config, file),
    checkConfig: (check: ConfigCheck) => call<ConfigChecked>('POST', controlRoutes.configCheck, check),
    settings: () => call<Settings>('GET', controlRoutes.settings),
    roles: () => call<RoleList>('GET', controlRoutes.roles),
    providers: () => call<ProviderList>('GET', controlRoutes.providers),
    providerModels: (name: string) => call<ProviderModels>('GET', controlRoutes.providerModels(name)),
    addModels: (name: string, add: AddModels) => call<AddedModels>('POST', controlRoutes.providerModels(name), add),
    quotas: () => call<QuotaList>('GET', controlRoutes.quotas),
    reprice: (request: RepriceRequest) => call<Repricing>('POST', controlRoutes.reprice, request),
    sessionSpend: (id: string) => call<SessionView>('GET', controlRoutes.sessionSpend(id)),
    keys: () => call<KeyList>('GET', controlRoutes.keys),
    createKey: (key: NewKey) => call<CreatedKey>('POST', controlRoutes.keys, key),
    changeKey: (id: string, change: KeyChange) => call<KeyView>('PATCH', controlRoutes.key(id), change),
    blockKey: (id: string) => call<KeyView>('POST', controlRoutes.blockKey(id), {}),
    unblockKey: (id: string) => call<KeyView>('POST', controlRoutes.unblockKey(id), {}),
    regenerateKey: (id: string) => call<CreatedKey>('POST', controlRoutes.regenerateKey(id), {}),
    deleteKey: (id: string) => call<{ deleted: string }>('DELETE', controlRoutes.key(id)),
    /** The raw event stream; read it with eventsource-parser, each event is a GatewayEvent. */
    events: (signal: AbortSignal) => send('GET', controlRoutes.events, undefined, signal),
  }
}

function queryText(query: Readonly<Record<string, string | number | undefined>>): string {
  const text = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) text.set(name, String(value))
  }
  return text.toString()
}

async function readError(response: Response): Promise<ControlError> {
  try {
    const body = (await response.json()) as { error?: { code?: string; message?: string } }
    return new ControlError(
      response.status,
      body.error?.code ?? 'unknown',
      body.error?.message ?? `The gateway answered ${response.status}.`,
    )
  } catch {
    return new ControlError(response.status, 'unknown', `The gateway answered ${response.status}.`)
  }
}
