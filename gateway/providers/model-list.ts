import type { Deployment } from '../config/gateway-config.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../model/json.ts'
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

/** Where a list is asked for, and with which key. */
export type ListPlace = Pick<Deployment, 'adapter' | 'baseUrl' | 'apiKey' | 'headers' | 'deadlines'>

/** The same with all that the upstream says of each model. */
export type ModelEntriesAnswer =
  | {
      readonly kind: 'answered'
      readonly status: number
      /** Undefined = no list, or not the whole of it. */
      readonly entries: readonly JsonObject[] | undefined
    }
  | Extract<ModelListAnswer, { kind: 'unreachable' }>

export type ModelEntriesReader = (place: ListPlace) => Promise<ModelEntriesAnswer>

/** A server that is well lists its models at once; one that loads a model may take a while. */
const deadlineMs = 5_000
const mostBytes = 16 * 1024 * 1024

export interface ModelListDependencies {
  readonly upstream: UpstreamDispatcher
  readonly userAgent: string
}

/** Gives a reader of upstreams' own lists of models. It never throws and always ends. */
export function createModelListReader(dependencies: ModelListDependencies): ModelListReader {
  const readEntries = createModelEntriesReader(dependencies)
  return async (place) => {
    const answer = await readEntries(place)
    if (answer.kind === 'unreachable') return answer
    const { status, entries } = answer
    return { kind: 'answered', status, models: entries?.flatMap((entry) => listedId(entry) ?? []) }
  }
}

/** The same, with everything that stands in the lists. */
export function createModelEntriesReader(dependencies: ModelListDependencies): ModelEntriesReader {
  return (place) =>
    new Promise((resolve) => {
      const pieces: Buffer[] = []
      let bytes = 0
      let status = 0
      const settle = (answer: ModelEntriesAnswer): void => {
        clearTimeout(timer)
        resolve(answer)
      }
      const control = dependencies.upstream.send(listRequest(place, dependencies.userAgent), {
        onHead: (head) => {
          status = head
        },
        onData: (chunk) => {
          bytes += chunk.length
          if (bytes <= mostBytes) pieces.push(chunk)
        },
        onEnd: () => settle({ kind: 'answered', status, entries: status === 200 ? readEntriesOf(pieces) : undefined }),
        onError: ({ message }) => settle({ kind: 'unreachable', reason: message }),
      })
      const timer = setTimeout(() => {
        control.abort()
        const { host } = new URL(place.baseUrl)
        settle({ kind: 'unreachable', reason: `${host} sent no list of its models within ${deadlineMs / 1000} s` })
      }, deadlineMs)
    })
}

function listRequest(deployment: ListPlace, userAgent: string): UpstreamRequest {
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

function listUrl({ adapter, baseUrl }: ListPlace): string {
  if (adapter === 'anthropic') return `${endpointUrl(baseUrl, 'models')}?limit=1000`
  if (adapter === 'ollama') return `${baseUrl}/api/tags`
  return adapter === 'gemini' ? `${baseUrl}/models?pageSize=1000` : `${baseUrl}/models`
}

function addKey(headers: Record<string, string>, { adapter }: ListPlace, secret: string): void {
  if (adapter === 'gemini') headers['x-goog-api-key'] = secret
  else if (adapter === 'anthropic' && !secret.startsWith('sk-ant-oat')) headers['x-api-key'] = secret
  else headers.authorization = `Bearer ${secret}`
}

/** The name by which an entry's model is asked for; undefined for what names none. */
export function listedId(entry: JsonObject): string | undefined {
  const id = entry.id ?? entry.name ?? entry.model
  return typeof id === 'string' ? id.replace(/^models\//, '') : undefined
}

/** OpenAI's and Anthropic's `data[]`, Gemini's and Ollama's `models[]`, Together's bare list. A list that goes on elsewhere is none. */
function readEntriesOf(pieces: readonly Buffer[]): readonly JsonObject[] | undefined {
  try {
    const answer = JSON.parse(Buffer.concat(pieces).toString('utf8')) as JsonValue
    if (Array.isArray(answer)) return answer.filter(isJsonObject)
    if (!isJsonObject(answer) || answer.has_more === true || typeof answer.nextPageToken === 'string') return undefined
    const list = answer.data ?? answer.models
    return Array.isArray(list) ? list.filter(isJsonObject) : undefined
  } catch {
    return undefined
  }
}
