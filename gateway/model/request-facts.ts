import type { Dialect } from './dialect.ts'
import type { JsonObject } from './json.ts'
import type { RequestControls } from './request-controls.ts'

/** What an agent asks for beside its work: a title for the conversation. */
export type RequestPurpose = 'title'

/** What routing needs to know of a request. Made by a dialect, read by `routing.plan`; holds text, so it is never stored or logged. */
export interface RequestFacts {
  readonly dialect: Dialect
  /** The model name as the client wrote it. */
  readonly model: string
  readonly stream: boolean
  /** Text of the last user turn that has any, harness blocks removed, parts joined with one space. Empty when there is none. */
  readonly userText: string
  /**
   * Texts of all user turns, newest first, harness blocks still in them: for routers that bring their own markers.
   * Absent where only `userText` is known.
   */
  readonly userTurns?: readonly string[]
  /** Text of the last system or developer turn; empty when there is none. */
  readonly systemText: string
  /** Size of the whole request body in bytes: the base of token estimates. */
  readonly bodyBytes: number
  /**
   * How many input tokens any tokenizer must make of the conversation: never more than there are. Counted when asked.
   * Absent where nothing is certain.
   */
  readonly leastInputTokens?: () => number
  readonly toolCount: number
  /** Absent = the work itself, or unknown. */
  readonly purpose?: RequestPurpose
  readonly hasImages: boolean
  readonly maxOutputTokens: number | undefined
  /** Fallback groups named in the request body (LiteLLM's `fallbacks`); undefined when the client named none. */
  readonly requestFallbacks: readonly string[] | undefined
  /** Fields of the request that are to be others for a model of one of its chains; absent = none. */
  readonly chainChanges?: ChainChanges
  readonly tags: readonly string[]
  /** What the request says to the gateway itself; absent parts mean "as configured". */
  readonly controls: RequestControls
  /** The end user named by the client (`user`). */
  readonly endUser: string | undefined
}

/** By kind of chain, then by model: fields that take the place of the request's own. */
export type ChainChanges = {
  readonly [Kind in 'fallbacks' | 'contextWindow' | 'contentPolicy']?: ReadonlyMap<string, JsonObject> | undefined
}
