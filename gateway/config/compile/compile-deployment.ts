import type { JsonObject } from '../../model/json.ts'
import type { Deployment, KeyReference } from '../gateway-config.ts'
import { sameOrigin, wireBase } from '../providers/base-url.ts'
import type { ProviderFacts } from '../providers/catalogue.ts'
import { resolveProvider } from '../providers/resolve-provider.ts'
import type { ModelEntry } from '../schema/model-entry.ts'
import { entryOf, isEmptyNode, plainObject, plainValue, type SourceNode } from '../source/source-tree.ts'
import { compileBudget } from './compile-budgets.ts'
import { type CompileContext, locate } from './compile-context.ts'
import { compileDeploymentCooldown } from './compile-delivery.ts'
import { compileDeadlines, type TimeoutSettings } from './compile-deadlines.ts'
import { compileEndpoint } from './compile-endpoint.ts'
import { compileHeaders } from './compile-headers.ts'
import { compileApiKey } from './compile-key.ts'
import { compileAccount, compileQuota } from './compile-quota.ts'
import { compilePrices, isPriced } from './compile-prices.ts'
import { compileRequestDefaults } from './compile-request-defaults.ts'
import { compileWindow } from './compile-window.ts'
import { deploymentId } from './deployment-id.ts'

/** A compiled entry, an entry left out with the reason, or one whose problems are reported. */
export type DeploymentReading =
  | { readonly kind: 'deployment'; readonly deployment: Deployment }
  | { readonly kind: 'left-out'; readonly reason: string }
  | { readonly kind: 'wrong' }

export interface DeploymentSurroundings {
  /** Timeouts of the router and of the whole gateway, nearest first. */
  readonly timeouts: readonly TimeoutSettings[]
  /** `default_max_parallel_requests`. */
  readonly maxParallelRequests: number | undefined
  /** How many entries with this id came before: two identical entries are two deployments. */
  twinOf(id: string): number
}

/** Compiles one entry of `model_list` that is no router. */
export function compileDeployment(
  entry: ModelEntry,
  surroundings: DeploymentSurroundings,
  context: CompileContext,
): DeploymentReading {
  const params = entry.litellm_params
  const paramsNode = context.reader.nodeOf(params)
  const hasBase = ['api_base', 'base_url'].some((key) => !isEmptyNode(entryOf(paramsNode, key)?.node))
  const resolution = resolveProvider(
    { model: params.model, forced: params.custom_llm_provider, hasBase },
    context.catalogue,
  )
  const where = locate(context, params, 'model')
  if (resolution.kind === 'unknown') {
    context.problems.error({
      ...where,
      message: resolution.message,
      seen: params.model,
      wanted: resolution.wanted,
      nearest: resolution.nearest,
    })
    return { kind: 'wrong' }
  }
  if (resolution.kind === 'unsupported') {
    context.problems.warning({
      ...where,
      message: `${entry.model_name} is left out: ${resolution.reason}`,
      seen: params.model,
    })
    return { kind: 'left-out', reason: resolution.reason }
  }
  if (resolution.remark !== undefined) {
    const { remark } = resolution
    context.problems.once('warning', remark, { ...where, message: remark, seen: params.model })
  }
  const { facts, upstreamModel } = resolution
  const endpoint = compileEndpoint(params, facts, context)
  if (endpoint.kind === 'wrong') return { kind: 'wrong' }
  const at = context.reader.nodeOf(entry)
  if (at === undefined) return { kind: 'wrong' }
  const apiKey: KeyReference =
    endpoint.kind === 'missing'
      ? endpoint
      : compileApiKey(entryOf(paramsNode, 'api_key')?.node, facts, endpoint.url, at, context)
  const connection = { baseUrl: endpoint.kind === 'url' ? endpoint.url : '', apiKey, upstreamModel, facts }
  return { kind: 'deployment', deployment: assemble(entry, connection, at, surroundings, context) }
}

interface Connection {
  readonly baseUrl: string
  readonly apiKey: KeyReference
  readonly upstreamModel: string
  readonly facts: ProviderFacts
}

function assemble(
  entry: ModelEntry,
  connection: Connection,
  at: SourceNode,
  surroundings: DeploymentSurroundings,
  context: CompileContext,
): Deployment {
  const { litellm_params: params, model_info: info } = entry
  const { facts, apiKey, baseUrl, upstreamModel } = connection
  const prices = compilePrices(params, info)
  const account = compileAccount(facts, apiKey, context)
  return onEveryWire(facts, baseUrl, {
    id: info?.id ?? derivedId(entry, surroundings, context),
    modelName: entry.model_name,
    provider: facts.id,
    upstreamModel,
    apiKey,
    headers: compileHeaders(params, facts, apiKey, context),
    defaults: compileRequestDefaults(params, context),
    refusedFields: facts.refusedFields,
    renamedFields: renamedFieldsAt(baseUrl, facts),
    acceptsStreamOptions: facts.acceptsStreamOptions,
    prices,
    billing: params.billing ?? entry.billing ?? info?.billing ?? (isPriced(prices) ? 'billed' : facts.billing),
    ...(facts.sessionHeader === undefined ? {} : { sessionHeader: facts.sessionHeader }),
    baseModel: info?.base_model,
    weight: params.weight ?? entry.weight,
    rpm: params.rpm ?? entry.rpm,
    tpm: params.tpm ?? entry.tpm,
    order: params.order ?? 0,
    deadlines: compileDeadlines([
      { timeout: params.timeout ?? params.request_timeout, streamTimeout: params.stream_timeout },
      ...surroundings.timeouts,
    ]),
    tags: params.tags ?? [],
    accessGroups: info?.access_groups ?? [],
    maxParallelRequests: params.max_parallel_requests ?? surroundings.maxParallelRequests,
    quota: compileQuota(entry, context),
    ...(account === undefined ? {} : { account }),
    cooldown: compileDeploymentCooldown(params),
    budget: compileBudget(params, context),
    numRetries: params.num_retries ?? params.max_retries,
    failFast: params.fail_fast ?? info?.fail_fast ?? false,
    ...compileWindow(entry, connection, context),
    maxOutputTokens: info?.max_output_tokens ?? info?.max_tokens,
    modelInfo: writtenModelInfo(entry, context),
    line: at.place.line,
  })
}

/** The deployment on its preferred wire, with the others beside it. */
function onEveryWire(
  facts: ProviderFacts,
  baseUrl: string,
  shared: Omit<Deployment, 'adapter' | 'baseUrl' | 'alternatives'>,
): Deployment {
  const wires = wiresAt(baseUrl, facts).map(
    (adapter): Deployment => ({ ...shared, adapter, baseUrl: wireBase(adapter, baseUrl), alternatives: [] }),
  )
  const [preferred, ...alternatives] = wires
  if (preferred === undefined) throw new Error(`The provider ${facts.id} has no wire.`)
  return { ...preferred, alternatives }
}

/** Wires beyond the first hold at the provider's own host: elsewhere `openai/` only says that the server is compatible. */
function wiresAt(baseUrl: string, facts: ProviderFacts): ProviderFacts['wires'] {
  const elsewhere = facts.baseUrl === undefined || !sameOrigin(facts.baseUrl, baseUrl)
  return facts.servesOthers && elsewhere ? facts.wires.slice(0, 1) : facts.wires
}

/** What `openai/` renames holds at OpenAI itself: elsewhere the prefix only says that the server is compatible. */
function renamedFieldsAt(baseUrl: string, facts: ProviderFacts): ProviderFacts['renamedFields'] {
  const elsewhere = facts.baseUrl === undefined || !sameOrigin(facts.baseUrl, baseUrl)
  return facts.servesOthers && elsewhere ? {} : facts.renamedFields
}

function derivedId(entry: ModelEntry, surroundings: DeploymentSurroundings, context: CompileContext): string {
  const node = context.reader.nodeOf(entry.litellm_params)
  const written = node === undefined ? {} : plainValue(node)
  const twin = surroundings.twinOf(deploymentId(entry.model_name, written, 0))
  return deploymentId(entry.model_name, written, twin)
}

/** `model_info` as written: references stay references, so that nothing secret can come out of `/model/info`. */
function writtenModelInfo(entry: ModelEntry, context: CompileContext): JsonObject {
  const node = entry.model_info === undefined ? undefined : context.reader.nodeOf(entry.model_info)
  return node?.kind === 'map' ? plainObject(node) : {}
}
