import type { Dialect } from './dialect.ts'
import type { JsonObject, JsonValue } from './json.ts'
import type { CacheMark, Turn } from './parts.ts'

/** A request in no dialect: what every dialect is read to and every provider is written from. Absent = the client did not say. */
export interface ModelRequest {
  readonly dialect: Dialect
  readonly stream: boolean
  readonly turns: readonly Turn[]
  readonly tools: readonly ToolDefinition[]
  readonly toolChoice?: ToolChoice
  readonly parallelToolCalls?: boolean
  readonly maxOutputTokens?: number
  readonly temperature?: number
  readonly topP?: number
  readonly topK?: number
  readonly stop?: readonly string[]
  readonly seed?: number
  readonly frequencyPenalty?: number
  readonly presencePenalty?: number
  /** Answers wanted (`n`, `candidateCount`). */
  readonly count?: number
  readonly logprobs?: { readonly top: number | undefined }
  readonly logitBias?: JsonObject
  readonly outputFormat?: OutputFormat
  readonly reasoning?: ReasoningWish
  readonly verbosity?: string
  readonly serviceTier?: string
  /** The client's end user or safety identifier. */
  readonly user?: string
  readonly metadata?: JsonObject
  readonly promptCacheKey?: string
  /** The client asked for a usage chunk of its own (chat completions only). */
  readonly wantsUsageChunk?: boolean
  /** The tools came as the deprecated `functions`, so calls go back as `function_call` (chat completions only). */
  readonly legacyFunctions?: boolean
  /** The assistant turn at the end is a beginning to go on from, whatever the dialect takes it for. */
  readonly continuesLastTurn?: boolean
  /** Members of the request that its answer repeats as they came (responses only). */
  readonly echo?: JsonObject
  /** Fields of the dialect that have no place above, as they came: carried to the same dialect, dropped or refused elsewhere. */
  readonly extensions: Readonly<Record<string, JsonValue>>
  /** Things the dialect could not carry even here, for `x-signalbox-warning`. */
  readonly warnings: readonly string[]
}

export type ToolDefinition = FunctionTool | CustomTool | HostedTool

export interface FunctionTool {
  readonly type: 'function'
  readonly name: string
  readonly namespace?: string
  readonly description?: string
  /** JSON Schema of the arguments as the client wrote it; undefined for a tool without arguments. */
  readonly parameters?: JsonObject
  readonly strict?: boolean
  readonly cacheMark?: CacheMark
}

/** A freeform tool (`apply_patch`): its input is raw text, possibly bound by a grammar. */
export interface CustomTool {
  readonly type: 'custom'
  readonly name: string
  readonly namespace?: string
  readonly description?: string
  readonly format?: JsonObject
}

/** A tool that the provider runs itself (web search, code execution): known to its own dialect only. */
export interface HostedTool {
  readonly type: 'hosted'
  readonly dialect: Dialect
  readonly value: JsonObject
}

export type ToolChoice =
  | { readonly mode: 'auto' | 'none' | 'required'; readonly allowed?: readonly string[] }
  | { readonly mode: 'named'; readonly name: string }

export type OutputFormat =
  | { readonly type: 'text' }
  | { readonly type: 'json_object' }
  | {
      readonly type: 'json_schema'
      readonly name: string | undefined
      readonly description: string | undefined
      readonly schema: JsonObject
      readonly strict: boolean | undefined
    }

export const reasoningEfforts = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const

export type ReasoningEffort = (typeof reasoningEfforts)[number]

/** How much thinking is wanted, in whichever unit the client spoke; both may be absent (adaptive). */
export interface ReasoningWish {
  readonly effort?: ReasoningEffort
  readonly budgetTokens?: number
  /** False where the client wants no reasoning text back (`display: omitted`, no `includeThoughts`). */
  readonly visible?: boolean
}
