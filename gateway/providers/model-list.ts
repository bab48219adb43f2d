import type { Deployment } from '../config/gateway-config.ts'
import { isJsonObject, type JsonValue } from '../model/json.ts'
import type { UpstreamDispatcher } from '../upstream/dispatch.ts'
import type { UpstreamRequest } from '../upstream/upstream-exchange.ts'
import { endpointUrl } from './anthropic/anthropic-request.ts'

/** What came of asking an upstream for its list of models. It costs nothing anywhere. */
export type ModelListAnswer =
  | {
      readonly kind: 'answered'
      readonly status: number
      /** Undefined = no list, or not the whole of it. */
      readonly models: readonly string[] | undefined
    }
  /** `reason`: a sentence part without secrets, `127.0.0.1:8080 refused the connection`. */
  | { readonly kind: 'unreachable'; readonly reason: string }

export type ModelListReader = (deployment: Deployment) => Promise<ModelListAnswer>

/** A server that is well lists its models at once; one that loads a model may take a while. */
const deadlineMs = 5_000
const mostBytes = 16 * 1024 * 1024

/** Gives a reader of upstreams' own lists of models. It never throws and always ends. */
export function createModelListReader(dependencies: {
  readonly upstream: UpstreamDispatcher
  readonly userAgent: string
}): ModelListReader {
  return (deployment) =>
    new Promise((resolve) => {
      const pieces: Buffer[] = []
      let bytes = 0
      let status = 0
      const settle = (answer: ModelListAnswer): void => {
        clearTimeout(timer)
        resolve(answer)
      }
      const control = dependencies.upstream.send(listRequest(deployment, dependencies.userAgent), {
        onHead: (head) => {
          status = head
        },
        onData: (chunk) => {
          bytes += chunk.length
          if (bytes <= mostBytes) pieces.push(chunk)
        },
        onEnd: () => settle({ kind: 'answered', status, models: status === 200 ? readIds(pieces) : undefined }),
        onError: ({ message }) => settle({ kind: 'unreachable', reason: message }),
      })
      const timer = setTimeout(() => {
        control.abort()
        const { host } = new URL(deployment.baseUrl)
        settle({ kind: 'unreachable', reason: `${host} sent no list of its models within ${deadlineMs / 1000} s` })
      }, deadlineMs)
    })
}

function listRequest(deployment: Deployment, userAgent: string): UpstreamRequest {
  const headers: Record<string, string> = {
    accept: 'application/json',
    'accept-encoding': 'identity',
    'user-agent': userAgent,
    ...(deployment.adapter === 'anthropic' ? { 'anthropic-version': '2023-06-01' } : {}),
    ...deployment.headers,
  }
  if (deployment.apiKey.kind === 'value') addKey(headers, deployment, deployment.apiKey.secret.reveal())
  const connectMs = Math.min(deployment.deadlines.connectMs, deadlineMs)
  return { method: 'GET', url: listUrl(deployment), headers, body: undefined, connectMs }
}

function listUrl({ adapter, baseUrl }: Deployment): string {
  if (adapter === 'anthropic') return `${endpointUrl(baseUrl, 'models')}?limit=1000`
  if (adapter === 'ollama') return `${baseUrl}/api/tags`
  return adapter === 'gemini' ? `${baseUrl}/models?pageSize=1000` : `${baseUrl}/models`
}

function addKey(headers: Record<string, string>, { adapter }: Deployment, secret: string): void {
  if (adapter === 'gemini') headers['x-goog-api-key'] = secret
  else if (adapter === 'anthropic' && !secret.startsWith('sk-ant-oat')) headers['x-api-key'] = secret
  else headers.authorization = `Bearer ${secret}`
}

/** OpenAI's and Anthropic's `data[].id`, Gemini's and Ollama's `models[].name`. A list that goes on elsewhere is none. */
function readIds(pieces: readonly Buffer[]): readonly string[] | undefined {
  try {
    const answer = JSON.parse(Buffer.concat(pieces).toString('utf8')) as JsonValue
    if (!isJsonObject(answer) || answer.has_more === true || typeof answer.nextPageToken === 'string') return undefined
    const list = answer.data ?? answer.models
    if (!Array.isArray(list)) return undefined
    return list.flatMap((entry) => {
      const id = isJsonObject(entry) ? (entry.id ?? entry.name ?? entry.model) : undefined
      return typeof id === 'string' ? [id.replace(/^models\//, '')] : []
    })
  } catch {
    return undefined
  }
}
