import { createHash } from 'node:crypto'
import { defaultDeadlines } from '../../config/compile/compile-deadlines.ts'
import type { Deployment, LocalModel } from '../../config/gateway-config.ts'
import type { Backend } from '../backend.ts'
import { sameServerKey } from '../watch/targets.ts'
import type { BackendModel } from '../inventory/inventory.ts'

/** The name under which a model of a backend is asked for. */
export function modelNameOf(backend: Pick<Backend, 'name'>, model: Pick<BackendModel, 'id'>): string {
  return `${backend.name}/${model.id}`
}

/** Providers whose ways of the OpenAI API are known, by vendor; the others have their vendor's name and no quirks. */
const providerNames: Readonly<Record<string, string>> = { nim: 'vllm', lmstudio: 'lm_studio' }

/** Local models cost nothing: a known price of zero, as opposed to an unknown one. */
const free = {
  inputPerToken: '0',
  outputPerToken: '0',
  cachedPerToken: '0',
  cacheWritePerToken: '0',
  reasoningPerToken: '0',
}

const localConnectMs = 2_000

/** One model of a server as a deployment. The id stays the same as long as server and model do. Pure. */
export function discoveredDeployment(backend: Backend, model: BackendModel): Deployment {
  const compatible: Deployment = {
    id: createHash('sha256').update(`local\n${backend.url}\n${model.id}`).digest('hex'),
    modelName: modelNameOf(backend, model),
    provider: providerNames[backend.vendor ?? ''] ?? backend.vendor ?? 'custom_openai',
    adapter: 'openai-compatible',
    alternatives: [],
    upstreamModel: model.id,
    baseUrl: backend.openAiBase,
    apiKey: backend.apiKey,
    headers: {},
    defaults: {},
    refusedFields: [],
    renamedFields: { max_completion_tokens: 'max_tokens' },
    acceptsStreamOptions: true,
    prices: free,
    billing: 'local',
    baseModel: undefined,
    weight: undefined,
    rpm: undefined,
    tpm: undefined,
    order: 0,
    deadlines: { ...defaultDeadlines, connectMs: localConnectMs },
    tags: [],
    accessGroups: [],
    maxParallelRequests: undefined,
    quota: undefined,
    budget: undefined,
    cooldown: { allowedFails: undefined, cooldownMs: undefined, allowedFailsPolicy: undefined },
    numRetries: undefined,
    failFast: false,
    contextWindow: model.contextWindow,
    totalWindow: model.contextWindow,
    maxOutputTokens: undefined,
    modelInfo: { mode: isEmbedding(model) ? 'embedding' : 'chat', local: true, backend: backend.name },
    line: 0,
    local: localModel(backend, model),
  }
  if (backend.vendor !== 'ollama') return compatible
  // Its own API for conversations; the compatible one has the embeddings.
  return { ...compatible, adapter: 'ollama', baseUrl: backend.url, alternatives: [compatible] }
}

function isEmbedding({ capabilities }: BackendModel): boolean {
  return capabilities?.includes('embeddings') === true && !capabilities.includes('chat')
}

function localModel(backend: Backend, model: BackendModel): LocalModel {
  return {
    backend: backend.name,
    vendor: backend.vendor ?? 'unknown',
    loaded: model.loaded,
    busy: backend.busy,
    capabilities: model.capabilities,
    loadedContext: model.loadedContext,
    sizeBytes: model.sizeBytes,
    quantization: model.quantization,
    parameters: model.parameters,
  }
}

/**
 * An entry of the config that leads to a server that is known here: it takes on what the server says of the model, unless
 * the file says it.
 */
export function enrichedDeployment(deployment: Deployment, backend: Backend): Deployment {
  const model = backend.models.find(
    ({ id }) => id === deployment.upstreamModel || id === `${deployment.upstreamModel}:latest`,
  )
  if (model === undefined || model.cloud === true || backend.state !== 'up') return deployment
  const local = localModel(backend, model)
  const isOpen = deployment.contextWindow === undefined || deployment.windowIsPresumed === true
  const window =
    isOpen && model.contextWindow !== undefined
      ? { contextWindow: model.contextWindow, windowIsPresumed: false }
      : { contextWindow: deployment.contextWindow }
  const alternatives = deployment.alternatives.map((wire) => ({ ...wire, ...window, local }))
  return { ...deployment, ...window, local, alternatives }
}

/** The server behind a deployment's address, if it is one of these. */
export function backendOf(deployment: Deployment, backends: ReadonlyMap<string, Backend>): Backend | undefined {
  const key = deployment.baseUrl === '' ? undefined : sameServerKey(deployment.baseUrl)
  return key === undefined ? undefined : backends.get(key)
}
