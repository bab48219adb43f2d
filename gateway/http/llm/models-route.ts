import type { FastifyReply, FastifyRequest } from 'fastify'
import type { LocalModel } from '../../config/gateway-config.ts'
import { GatewayError } from '../../model/errors.ts'
import { type ListedModel, listModels } from '../../routing/list-models.ts'
import { claudeName } from '../../routing/resolve-model.ts'
import type { HttpDependencies } from '../http-dependencies.ts'
import { sendJson } from '../json-reply.ts'
import type { RouteGroup } from '../route-registry.ts'

/** When LiteLLM's models were "created": clients only want a number that never changes. */
const created = 1_677_610_602

/**
 * `/v1/models`: one body that OpenAI, Anthropic and LiteLLM clients all read. Anthropic's clients, known by
 * `anthropic-version`, get a second entry for each name that Claude Code's picker would drop.
 */
export function modelRoutes({ snapshot }: Pick<HttpDependencies, 'snapshot'>): RouteGroup {
  const visible = (request: FastifyRequest) => {
    const entries = listModels(snapshot(request.identity?.allowedModels)).map(modelEntry)
    return request.raw.headers['anthropic-version'] === undefined ? entries : [...entries, ...claudeEntries(entries)]
  }

  const list = (request: FastifyRequest, reply: FastifyReply) => {
    const data = visible(request)
    return sendJson(reply, {
      object: 'list',
      data,
      has_more: false,
      first_id: data[0]?.id ?? null,
      last_id: data.at(-1)?.id ?? null,
    })
  }
  const find = (request: FastifyRequest, reply: FastifyReply) => {
    const id = (request.params as { readonly '*': string })['*']
    const entry = visible(request).find((model) => model.id === id)
    if (entry !== undefined) return sendJson(reply, entry)
    throw new GatewayError('model_not_found', `There is no model "${id.slice(0, 200)}"; GET /v1/models lists them.`, {
      status: 404,
      param: 'model',
    })
  }
  return ['/v1/models', '/models', '/v1/v1/models'].flatMap((path) => [
    { methods: ['GET', 'HEAD'], path, access: 'llm', handler: list },
    { methods: ['GET', 'HEAD'], path: `${path}/*`, access: 'llm', handler: find },
  ])
}

/** One model in the words of all the clients. Pure. */
export function modelEntry(model: ListedModel) {
  return {
    id: model.name,
    object: 'model',
    type: 'model',
    display_name: model.name,
    created,
    created_at: new Date(created * 1000).toISOString(),
    owned_by: model.provider ?? 'signalbox',
    description: describe(model),
    ...(model.contextWindow === undefined
      ? {}
      : { context_window: model.contextWindow, max_input_tokens: model.contextWindow }),
    ...(model.maxOutputTokens === undefined ? {} : { max_output_tokens: model.maxOutputTokens }),
    ...(model.local === undefined ? {} : localFields(model.local)),
  }
}

/** What a local server says of its model; a field that it does not say is left out. */
function localFields(local: LocalModel) {
  const { backend, vendor, capabilities, loaded, sizeBytes, quantization, parameters, loadedContext } = local
  return {
    local: true,
    backend,
    backend_vendor: vendor,
    ...(capabilities === undefined ? {} : { capabilities: [...capabilities] }),
    ...(loaded === undefined ? {} : { loaded }),
    ...(loadedContext === undefined ? {} : { loaded_context: loadedContext }),
    ...(sizeBytes === undefined ? {} : { size_bytes: sizeBytes }),
    ...(quantization === undefined ? {} : { quantization }),
    ...(parameters === undefined ? {} : { parameters }),
  }
}

/** The entries again under ids that hold `claude`; their display names stay the plain ones. */
function claudeEntries(entries: readonly ReturnType<typeof modelEntry>[]) {
  const taken = new Set(entries.map(({ id }) => id))
  return entries.flatMap((entry) => {
    const id = claudeName(entry.id)
    return id === undefined || taken.has(id) ? [] : [{ ...entry, id }]
  })
}

function describe(model: ListedModel): string {
  if (model.kind === 'router') return 'Router: picks a model by the complexity of the request'
  return model.kind === 'demo'
    ? 'Demo: pretend answers, pretend prices'
    : `Model of ${model.provider ?? 'an unknown provider'}`
}
