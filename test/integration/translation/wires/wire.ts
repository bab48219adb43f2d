import type { RecordedRequest } from '../../../doubles/upstream/recorded-request.ts'
import type { Gate, RawScript, Script } from '../../../doubles/upstream/script.ts'

/** What an upstream says, in the terms of no wire. */
export interface Told {
  readonly text?: readonly string[]
  readonly reasoning?: string
  /** State that only this upstream can read, on the wires that have any. */
  readonly opaque?: string
  readonly calls?: readonly ToldCall[]
  readonly usage?: ToldUsage
  /** The answer ends at its output limit. */
  readonly truncated?: boolean
}

export interface ToldCall {
  readonly id: string
  readonly name: string
  /** JSON text in the pieces of a stream. */
  readonly fragments: readonly string[]
}

/** `input` with what came from the cache; `output` with reasoning. */
export interface ToldUsage {
  readonly input: number
  readonly cached: number
  readonly output: number
  readonly reasoning: number
}

export const usualUsage: ToldUsage = { input: 20, cached: 0, output: 5, reasoning: 0 }

/** How a stream goes wrong or waits. */
export type Trouble =
  /** An error in the wire's own words after some text. */
  | { readonly kind: 'error-event'; readonly message: string }
  /** The connection breaks after some text. */
  | { readonly kind: 'cut' }
  /** Half of the answer, then nothing until the gate opens. */
  | { readonly kind: 'stall'; readonly gate: Gate }

/** What a request that reached the upstream holds, read as its public reference says. */
export interface Seen {
  readonly system: string
  /** Everything that is said in turns, tool results left out. */
  readonly text: string
  /** Base64. */
  readonly images: readonly string[]
  readonly tools: readonly string[]
  readonly calls: readonly SeenCall[]
  readonly results: readonly { readonly id: string; readonly text: string }[]
  readonly schema: unknown
  /** Reasoning of earlier turns in its visible form. */
  readonly reasoning: readonly string[]
  readonly opaque: readonly string[]
}

export interface SeenCall {
  readonly id: string
  readonly name: string
  readonly arguments: unknown
}

export interface WireDouble {
  readonly name: string
  /** `litellm_params.model` of deployments: [usual, thinking]. */
  readonly models: { readonly usual: string; readonly thinking: string }
  /** What follows the origin in `api_base`. */
  readonly basePath: string
  /** False where reasoning has no state that only the upstream can read. */
  readonly hasState: boolean
  /** False where usage does not say what came from a cache. */
  readonly tellsCache: boolean
  say(told: Told, stream: boolean, trouble?: Trouble): Script
  refuse(status: number, message: string): Script
  /** The refusal of a prompt that is longer than the model's context. */
  refuseLength(): Script
  isStream(request: RecordedRequest): boolean
  see(request: RecordedRequest): Seen
}

/** Writes of a stream as a script: cut, stalled half-way, or whole. */
export function streamOf(
  writes: readonly string[],
  broken: readonly string[],
  trouble: Trouble | undefined,
): RawScript {
  const head = { kind: 'raw' as const, headers: { 'content-type': 'text/event-stream' } }
  if (trouble === undefined) return { ...head, body: writes }
  if (trouble.kind === 'error-event') return { ...head, body: broken }
  const half = Math.ceil(writes.length / 2)
  if (trouble.kind === 'cut') return { ...head, body: writes.slice(0, half), cut: true }
  return { ...head, body: writes, stall: { blocks: half, gate: trouble.gate } }
}

export function event(data: object, name?: string): string {
  return `${name === undefined ? '' : `event: ${name}\n`}data: ${JSON.stringify(data)}\n\n`
}

export function jsonAnswer(body: object, status = 200): RawScript {
  return { kind: 'raw', status, headers: { 'content-type': 'application/json' }, body: [JSON.stringify(body)] }
}

export function parseJson(text: string): unknown {
  return JSON.parse(text) as unknown
}

/** Text of a member that is a string or a list of parts with text. */
export function textOf(content: unknown): string {
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return ''
  return content.map((part: { readonly text?: unknown }) => (typeof part.text === 'string' ? part.text : '')).join('\n')
}
