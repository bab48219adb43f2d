import type { FastifyReply, FastifyRequest } from 'fastify'
import type { AccessClass } from '../access/identity.ts'
import { BackendListSchema } from '../contract/backends.ts'
import { CacheViewSchema, ClearedCacheSchema } from '../contract/cache.ts'
import {
  CreatedKeySchema,
  KeyChangeSchema,
  KeyListSchema,
  KeyViewSchema,
  MasterKeySchema,
  NewKeySchema,
} from '../contract/keys.ts'
import { GpuListSchema } from '../contract/gpus.ts'
import { NetworkViewSchema } from '../contract/network.ts'
import {
  ExplainRequestSchema,
  ExplanationSchema,
  RouterListSchema,
  RouterViewSchema,
  SwitchPositionSchema,
} from '../contract/routers.ts'
import { QuotaListSchema } from '../contract/quotas.ts'
import { RepriceRequestSchema, RepricingSchema, SessionViewSchema, SpendReportSchema } from '../contract/spend.ts'
import { GatewayStatusSchema, SessionRequestSchema, SessionSchema, UiLinkSchema } from '../contract/status.ts'
import { sendJson } from './json-reply.ts'
import type { RouteDefinition, RouteDocumentation, RouteGroup } from './route-registry.ts'

/** What routes take and give that do not say it themselves, from the schemas that check them. */
const documentation: Readonly<Record<string, RouteDocumentation>> = {
  'POST /v1/chat/completions': { summary: 'Chat completion, streaming or not, in OpenAI’s format' },
  'POST /v1/completions': { summary: 'Legacy completion: one prompt, streaming or not, answered by a chat model' },
  'POST /v1/responses': { summary: 'OpenAI’s Responses, streaming or not; nothing is stored' },
  'POST /v1/messages': { summary: 'Anthropic’s Messages, streaming or not' },
  'POST /v1/messages/count_tokens': { summary: 'An estimate of the input tokens, made here' },
  'POST /v1beta/models/*': {
    summary: 'Gemini: {model}:generateContent, :streamGenerateContent or :countTokens',
  },
  'POST /v1/embeddings': { summary: 'Embeddings, passed through to an OpenAI-compatible provider' },
  'POST /v1/audio/transcriptions': { summary: 'A transcript, streaming or not: a form with a model and a file' },
  'POST /v1/images/edits': { summary: 'Pictures out of pictures: a form, or JSON' },
  'POST /v1/files': { summary: 'Uploads a file to the account of ?model= or ?custom_llm_provider=' },
  'POST /v1/batches': { summary: 'Starts a batch in the account of ?model= or ?custom_llm_provider=' },
  'GET /v1/models': { summary: 'The models and routers this key may use' },
  'GET /health': { summary: 'Last known state of every deployment; calls no model' },
  'GET /health/liveliness': { summary: 'Whether the process answers' },
  'GET /health/readiness': { summary: 'Whether the gateway serves' },
  'GET /spend/logs': { summary: 'One row per request, newest first, in LiteLLM’s format' },
  'GET /spend/keys': { summary: 'Spend by key, in LiteLLM’s format' },
  'GET /spend/users': { summary: 'Spend by user, in LiteLLM’s format' },
  'GET /spend/tags': { summary: 'Spend by tag, in LiteLLM’s format' },
  'GET /global/spend': { summary: 'Spend in all, in LiteLLM’s format' },
  'GET /global/spend/logs': { summary: 'Spend per UTC day, in LiteLLM’s format' },
  'GET /global/spend/report': { summary: 'Spend per day by team or customer, or by key, in LiteLLM’s format' },
  'GET /global/activity': { summary: 'Requests and tokens per UTC day, in LiteLLM’s format' },
  'GET /user/daily/activity': {
    summary: 'Spend, tokens and requests per UTC day with their parts, in LiteLLM’s format',
  },
  'GET /model/info': { summary: 'Every entry of model_list without its secrets' },
  'POST /key/generate': { summary: 'Makes a key, with models, budgets and limits' },
  'POST /key/update': { summary: 'Changes a key; null takes a value away' },
  'POST /key/block': { summary: 'Refuses a key from now on' },
  'POST /key/unblock': { summary: 'Takes a blocked key again' },
  'POST /key/regenerate': { summary: 'A new secret for the same key' },
  'POST /key/:name/regenerate': { summary: 'A new secret for the same key' },
  'GET /key/info': { summary: 'One key; without `key` the caller’s own' },
  'GET /key/list': { summary: 'Hashes of all keys' },
  'POST /key/delete': { summary: 'Deletes keys by themselves, their hashes or their aliases' },
  'GET /api/status': { summary: 'State of the gateway', answer: GatewayStatusSchema },
  'GET /api/events': { summary: 'Server-sent events: a snapshot, then changes' },
  'GET /api/routers': { summary: 'The routers and their switches', answer: RouterListSchema },
  'PUT /api/routers/:name/switch': {
    summary: 'Sets a switch',
    body: SwitchPositionSchema,
    answer: RouterViewSchema,
  },
  'POST /api/route/explain': {
    summary: 'What would happen to a request, and why',
    body: ExplainRequestSchema,
    answer: ExplanationSchema,
  },
  'GET /api/backends': { summary: 'Local servers and their models', answer: BackendListSchema },
  'POST /api/backends/refresh': {
    summary: 'The same after all servers and paths were asked anew',
    answer: BackendListSchema,
  },
  'GET /api/network': { summary: 'Paths to hosts, tunnels and what to do', answer: NetworkViewSchema },
  'GET /api/gpus': { summary: 'The GPUs of this machine', answer: GpuListSchema },
  'POST /api/session': {
    summary: 'Exchanges the one-time code of a UI link for a session',
    body: SessionRequestSchema,
    answer: SessionSchema,
  },
  'POST /api/ui-link': { summary: 'A fresh link with a one-time code', answer: UiLinkSchema },
  'GET /api/master-key': { summary: 'The master key in use', answer: MasterKeySchema },
  'GET /api/keys': { summary: 'All keys without their secrets', answer: KeyListSchema },
  'POST /api/keys': { summary: 'Makes a key', body: NewKeySchema, answer: CreatedKeySchema },
  'PATCH /api/keys/:id': { summary: 'Changes a key', body: KeyChangeSchema, answer: KeyViewSchema },
  'POST /api/keys/:id/block': { summary: 'Blocks a key', answer: KeyViewSchema },
  'POST /api/keys/:id/unblock': { summary: 'Unblocks a key', answer: KeyViewSchema },
  'POST /api/keys/:id/regenerate': { summary: 'A new secret for the same key', answer: CreatedKeySchema },
  'DELETE /api/keys/:id': { summary: 'Deletes a key' },
  'GET /metrics': { summary: 'Counters and histograms in Prometheus’ text format' },
  'GET /cache/ping': { summary: 'Whether answers are kept, in LiteLLM’s format; 503 when they are not' },
  'POST /cache/delete': { summary: 'Deletes the answers with these `keys` (`x-litellm-cache-key`)' },
  'POST /cache/flushall': { summary: 'Deletes every kept answer' },
  'GET /api/cache': { summary: 'Whether answers are kept, how many and how large', answer: CacheViewSchema },
  'DELETE /api/cache': { summary: 'Deletes every kept answer', answer: ClearedCacheSchema },
  'GET /api/quotas': { summary: 'What every deployment has left, and when it is there again', answer: QuotaListSchema },
  'GET /api/spend': {
    summary: 'Sums by model, provider, router, tier, agent, key, session, tag, user, team, billing, day or hour',
    answer: SpendReportSchema,
  },
  'POST /api/spend/reprice': {
    summary: 'Prices history anew, or counts what would change',
    body: RepriceRequestSchema,
    answer: RepricingSchema,
  },
  'GET /api/sessions/:id': { summary: 'What one session cost, turn by turn', answer: SessionViewSchema },
}

/** `GET /openapi.json` for exactly the routes that are registered. */
export function openApiRoutes(version: string, routes: RouteGroup): RouteGroup {
  const text = openApiDocument(version, routes)
  const handler = (_request: FastifyRequest, reply: FastifyReply) => sendJson(reply, text)
  return [{ methods: ['GET'], path: '/openapi.json', access: 'any', handler }]
}

/** OpenAPI 3.1, whose schemas are JSON Schema and so ours as they are. Pure. */
export function openApiDocument(version: string, routes: RouteGroup) {
  const paths: Record<string, Record<string, object>> = {}
  for (const route of routes) {
    const path = route.path.replaceAll(/:(\w+)/gu, '{$1}').replace('*', '{path}')
    for (const method of route.methods.filter((name) => name !== 'HEAD')) {
      paths[path] = { ...paths[path], [method.toLowerCase()]: operation(route, method) }
    }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Signalbox', version },
    paths,
    components: { securitySchemes: { key: { type: 'http', scheme: 'bearer' } } },
  }
}

function operation(route: RouteDefinition, method: string): object {
  const known = route.documentation ?? documentation[`${method} ${route.path}`]
  const parameters = [...route.path.matchAll(/:(\w+)|\*/gu)].map((match) => ({
    name: match[1] ?? 'path',
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }))
  return {
    ...(known === undefined ? {} : { summary: known.summary }),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(known?.body === undefined ? {} : { requestBody: { required: true, content: jsonContent(known.body) } }),
    responses: {
      200: { description: 'Success', ...(known?.answer === undefined ? {} : { content: jsonContent(known.answer) }) },
      default: { description: 'Refusal: {"error": {message, type, param, code}}' },
    },
    security: needsKey(route.access) ? [{ key: [] }] : [],
  }
}

function jsonContent(schema: object) {
  return { 'application/json': { schema } }
}

function needsKey(access: AccessClass): boolean {
  return access !== 'open' && access !== 'ui'
}
