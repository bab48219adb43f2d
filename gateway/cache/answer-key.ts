import { createHash } from 'node:crypto'
import type { Deployment } from '../config/gateway-config.ts'
import type { Dialect } from '../model/dialect.ts'
import { controlFields, forbiddenFields } from '../model/gateway-fields.ts'
import type { JsonObject, JsonValue } from '../model/json.ts'
import { canonicalJson } from './canonical-json.ts'

/** Everything an answer depends on. */
export interface KeyedRequest {
  /** Whose answers these are: the id of the caller's key, or one word for all where they are shared. */
  readonly scope: string
  /** Divisions within the scope: of the config and of the request. */
  readonly namespaces: readonly string[]
  readonly dialect: Dialect
  /** What else says which shape the answer has: endpoint, form of the stream, legacy form. */
  readonly shape: readonly string[]
  readonly stream: boolean
  /** The name asked for, which some answers repeat, and the group that is first in the plan. */
  readonly askedModel: string
  readonly group: string
  /** Marks what stands behind the group: see `groupMark`. */
  readonly groupMark: string
  /** Fields the gateway adds to the body. */
  readonly defaults: Readonly<Record<string, JsonValue>>
  /** Headers that go upstream with the body. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: JsonObject
}

/** Labels that no model sees. In Responses they stay in the key, because the answer repeats them. */
const labels = new Set(['metadata', 'prompt_cache_key', 'prompt_cache_retention', 'safety_identifier', 'user'])

/** Said elsewhere in the key. */
const spoken = new Set(['model', 'stream'])

/**
 * The name of an answer: SHA-256, hex, of the whole request in canonical form without what speaks to the gateway only.
 * LiteLLM takes the parameters it knows; here an unknown field counts as well, since it went upstream. Undefined for a
 * request that has no exact name.
 */
export function answerKey(request: KeyedRequest): string | undefined {
  const { scope, namespaces, dialect, shape, stream, askedModel, group, defaults, headers } = request
  const body = Object.fromEntries(Object.entries(request.body).filter(([field]) => counts(field, dialect)))
  const text = canonicalJson([
    'answer 1',
    scope,
    [...namespaces],
    dialect,
    [...shape],
    stream,
    askedModel,
    group,
    request.groupMark,
    { ...defaults },
    { ...headers },
    body,
  ])
  return text === undefined ? undefined : createHash('sha256').update(text).digest('hex')
}

function counts(field: string, dialect: Dialect): boolean {
  if (controlFields.has(field) || forbiddenFields.has(field) || spoken.has(field)) return false
  return dialect === 'responses' || !labels.has(field)
}

const marks = new WeakMap<readonly Deployment[], string>()

/** Changes when a group comes to mean other upstreams or models: its old answers are then not found any more. */
export function groupMark(deployments: readonly Deployment[]): string {
  const known = marks.get(deployments)
  if (known !== undefined) return known
  const places = deployments.map(({ id, adapter, provider, upstreamModel, baseUrl, defaults }) =>
    JSON.stringify([id, adapter, provider, upstreamModel, baseUrl, defaults]),
  )
  const mark = createHash('sha256').update(places.toSorted().join('\n')).digest('base64url').slice(0, 16)
  marks.set(deployments, mark)
  return mark
}
