import type { AnswerCache } from '../../cache/answer-cache.ts'
import { answerKey } from '../../cache/answer-key.ts'
import type { CachedAnswer } from '../../cache/cached-answer.ts'
import { composeAnswer, fillFrame, type SplitAnswer, splitAnswer } from '../../cache/embeddings/answer-body.ts'
import { readInputs, shareTokens } from '../../cache/embeddings/inputs.ts'
import { GatewayError } from '../../model/errors.ts'
import { isJsonObject, type JsonValue } from '../../model/json.ts'
import { scanTopLevelFields } from '../../model/json-fields.ts'
import { rewriteFields } from '../../model/rewrite-fields.ts'
import { noUsage, type Usage } from '../../model/usage.ts'
import type { RelayRequest } from '../relay-request.ts'
import type { CachedRequest } from './cached-request.ts'

/** Point reads made in one turn of the event loop. */
const readsPerTurn = 32

/**
 * An embeddings request, whose inputs are kept each by itself: what is known is taken from the cache and only the rest is
 * asked for. Beside the vectors the frame of the answer is kept, so that an exact repeat gets the very same bytes.
 */
export class EmbeddingBatch {
  readonly #cached: CachedRequest
  readonly #cache: AnswerCache
  readonly #inputs: readonly JsonValue[]
  readonly #keys: readonly string[]
  readonly #known = new Map<string, CachedAnswer>()
  /** The upstream's answer to a part of the inputs. */
  #part: SplitAnswer | undefined

  private constructor(
    cached: CachedRequest,
    cache: AnswerCache,
    inputs: readonly JsonValue[],
    keys: readonly string[],
  ) {
    this.#cached = cached
    this.#cache = cache
    this.#inputs = inputs
    this.#keys = keys
  }

  /** Undefined for a request whose inputs cannot be told apart: it is kept as a whole. */
  static read(cached: CachedRequest, cache: AnswerCache): EmbeddingBatch | undefined {
    const { keyed } = cached
    const inputs = cached.request.endpoint === '/embeddings' ? readInputs(keyed.body) : undefined
    if (inputs === undefined) return undefined
    const keys = inputs.map((input) =>
      answerKey({ ...keyed, shape: ['/embeddings', 'one input'], body: { ...keyed.body, input } }),
    )
    return keys.every((key) => key !== undefined) ? new EmbeddingBatch(cached, cache, inputs, keys) : undefined
  }

  /** The whole answer, when every input is known. What is known is remembered for `request`. */
  async find(): Promise<CachedAnswer | undefined> {
    const { key, use } = this.#cached
    const whole = await this.#cache.find(key, use.maxAgeMs)
    if (whole !== undefined && whole.cuts === undefined) return whole
    for (const [index, item] of [...new Set(this.#keys)].entries()) {
      if (index > 0 && index % readsPerTurn === 0) await new Promise(setImmediate)
      const vector = await this.#cache.find(item, use.maxAgeMs)
      if (vector !== undefined) this.#known.set(item, vector)
    }
    const vectors = this.#keys.map((item) => this.#known.get(item))
    return vectors.every((vector) => vector !== undefined) ? compose(vectors, whole) : undefined
  }

  /** The request as it goes upstream: as it is, or for the unknown inputs only, each once. */
  get request(): RelayRequest {
    const { request } = this.#cached
    const missing = this.#missing()
    if (this.#known.size === 0 || missing.length === 0) return request
    const input = missing.map((index) => this.#inputs[index] ?? null)
    const body = rewriteFields(request.body, request.fields, {
      remove: new Set(),
      replace: new Map([['input', JSON.stringify(input)]]),
      add: new Map(),
    })
    return {
      ...request,
      body,
      fields: scanTopLevelFields(body),
      input: { ...request.input, body: { ...request.input.body, input } },
      reshape: (answer) => this.#complete(answer, missing),
    }
  }

  /** Keeps a complete answer: each new vector, and the frame. One that is no plain list of vectors is kept as a whole. */
  keep(answer: CachedAnswer): void {
    const { key, use } = this.#cached
    const split = splitAnswer(answer.body, this.#inputs.length)
    if (split === undefined) {
      this.#cache.put(key, answer, use.ttlMs)
      return
    }
    const model = modelOf(answer.body)
    const asked = this.#part === undefined ? this.#inputs.map((_input, index) => index) : this.#missing()
    const tokens = this.#tokensOf(this.#part ?? split, asked)
    for (const [place, index] of asked.entries()) {
      const item = this.#keys[index]
      const body = split.vectors[index]
      if (item === undefined || body === undefined) continue
      this.#cache.put(item, { ...answer, body, usage: usageOf(tokens[place]), model }, use.ttlMs)
    }
    const body = Buffer.concat(split.frame)
    this.#cache.put(key, { ...answer, body, model, cuts: cutsOf(split.frame) }, use.ttlMs)
  }

  /** Places of the unknown inputs, the first of each. */
  #missing(): number[] {
    return this.#keys.flatMap((item, index) =>
      this.#known.has(item) || this.#keys.indexOf(item) !== index ? [] : [index],
    )
  }

  #complete(body: Buffer, missing: readonly number[]): Buffer {
    const part = splitAnswer(body, missing.length)
    if (part === undefined) {
      throw new GatewayError(
        'upstream_error',
        `${this.#cached.first.deployment.provider} did not answer with one vector for each of the ${missing.length} inputs that were not cached. Send the request again with "cache": {"no-cache": true}.`,
      )
    }
    this.#part = part
    const tokens = this.#tokensOf(part, missing)
    const fresh = new Map(
      missing.map((index, place) => [this.#keys[index], { body: part.vectors[place], tokens: tokens[place] }]),
    )
    const parts = this.#keys.map((item) => {
      const known = this.#known.get(item)
      return known === undefined ? fresh.get(item) : { body: known.body, tokens: known.usage?.inputTokens }
    })
    const vectors = parts.map((each) => each?.body ?? Buffer.from('null'))
    return composeAnswer(body, vectors, sum(parts.map((each) => each?.tokens)))
  }

  #tokensOf({ promptTokens }: SplitAnswer, asked: readonly number[]): readonly (number | undefined)[] {
    if (promptTokens === null) return []
    return shareTokens(
      promptTokens,
      asked.map((index) => this.#inputs[index] ?? null),
    )
  }
}

function compose(vectors: readonly CachedAnswer[], whole: CachedAnswer | undefined): CachedAnswer {
  const [first] = vectors
  if (first === undefined) throw new Error('an embeddings request has at least one input')
  const tokens = sum(vectors.map(({ usage }) => usage?.inputTokens))
  const usage = usageOf(tokens ?? undefined)
  const bodies = vectors.map(({ body }) => body)
  if (whole?.cuts !== undefined) return { ...whole, usage, body: fillFrame(frameOf(whole.body, whole.cuts), bodies) }
  const like = Buffer.from(JSON.stringify({ object: 'list', data: [], model: first.model ?? '' }))
  return { ...first, usage, body: composeAnswer(like, bodies, tokens) }
}

function usageOf(tokens: number | undefined): Usage | null {
  return tokens === undefined ? null : { ...noUsage, inputTokens: tokens }
}

/** Null when one of them is not known. */
function sum(tokens: readonly (number | undefined)[]): number | null {
  let total = 0
  for (const each of tokens) {
    if (each === undefined) return null
    total += each
  }
  return total
}

function cutsOf(frame: readonly Buffer[]): number[] {
  let at = 0
  return frame.slice(0, -1).map((piece) => {
    at += piece.length
    return at
  })
}

function frameOf(body: Buffer, cuts: readonly number[]): Buffer[] {
  return [...cuts, body.length].map((end, index) => body.subarray(cuts[index - 1] ?? 0, end))
}

function modelOf(body: Buffer): string {
  const json = JSON.parse(body.toString()) as JsonValue
  return isJsonObject(json) && typeof json.model === 'string' ? json.model : ''
}
