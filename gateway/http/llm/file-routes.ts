import type { FastifyRequest } from 'fastify'
import { chatCodec } from '../../dialects/chat-completions/codec.ts'
import { readEndpointFacts } from '../../dialects/chat-completions/read-endpoint-facts.ts'
import { GatewayError } from '../../model/errors.ts'
import type { RouteDefinition, RouteGroup } from '../route-registry.ts'
import { createLlmHandler, type EndpointTarget, type LlmApi, type LlmDependencies } from './llm-handler.ts'
import { createAccountReader } from './read-account.ts'

interface FileRoute {
  readonly method: EndpointTarget['method']
  readonly path: string
  readonly upload?: true
}

const fileRoutesOf: readonly FileRoute[] = [
  { method: 'POST', path: '/files', upload: true },
  { method: 'GET', path: '/files' },
  { method: 'GET', path: '/files/:id' },
  { method: 'DELETE', path: '/files/:id' },
  { method: 'GET', path: '/files/:id/content' },
  { method: 'POST', path: '/batches' },
  { method: 'GET', path: '/batches' },
  { method: 'GET', path: '/batches/:id' },
  { method: 'POST', path: '/batches/:id/cancel' },
]

/** OpenAI's files and batches: they belong to one account, so each request says whose, by a model or a provider. */
export function fileRoutes(dependencies: LlmDependencies): RouteGroup {
  const readAccount = createAccountReader(dependencies)
  return fileRoutesOf.flatMap(({ method, path, upload = false }) => {
    const handler = createLlmHandler(dependencies, {
      ...fileApi,
      ...readAccount,
      readTarget: targetReader(method, path),
    })
    return [path, `/v1${path}`, `/v1/v1${path}`].map(
      (full): RouteDefinition => ({ methods: [method], path: full, access: 'llm', handler, upload }),
    )
  })
}

const fileApi: Pick<LlmApi, 'codec' | 'readFacts' | 'prepareBody' | 'dialectHeaders' | 'keptByAccount'> = {
  codec: chatCodec,
  keptByAccount: true,
  readFacts: readEndpointFacts,
  prepareBody: (body) => body,
  dialectHeaders: () => ({}),
}

/** What an upstream's own query may hold; the rest of a query is ours or nobody's. */
const listParameters = ['after', 'limit', 'order', 'purpose']

function targetReader(method: EndpointTarget['method'], path: string) {
  return (request: FastifyRequest): EndpointTarget => {
    const { id } = request.params as { readonly id?: string }
    const query = method === 'GET' ? listQuery(request) : ''
    return { method, path: `${id === undefined ? path : path.replace(':id', readId(id))}${query}` }
  }
}

/** An id becomes part of the upstream's path: anything that could lead elsewhere is refused. */
function readId(id: string): string {
  if (/^[A-Za-z0-9][\w.:=-]{0,499}$/u.test(id)) return encodeURIComponent(id)
  throw new GatewayError('invalid_field', 'The id in the path must be letters, digits, ".", "_" and "-".', {
    param: 'id',
  })
}

function listQuery(request: FastifyRequest): string {
  const given = new URL(request.raw.url ?? '/', 'http://gateway').searchParams
  const kept = new URLSearchParams()
  for (const name of listParameters) {
    const value = given.get(name)
    if (value !== null) kept.set(name, value)
  }
  return kept.size === 0 ? '' : `?${kept.toString()}`
}
