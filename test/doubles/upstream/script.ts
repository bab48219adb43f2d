/**
 * What a scripted upstream may do with one request. Each kind is data, so that a test reads like a table; behaviour that
 * depends on the request is a function from the recorded request to a script.
 */
export type Script = CompletionScript | StreamScript | ErrorScript | RawScript | StallScript | ResetScript

export interface ToolCallScript {
  readonly id: string
  readonly name: string
  /** The JSON text of the arguments, in the fragments a stream sends them in. */
  readonly arguments: readonly string[]
}

/** Token counts in OpenAI's terms: prompt includes cached, completion includes reasoning. */
export interface UsageScript {
  readonly prompt: number
  readonly completion: number
  readonly cached?: number
  readonly cacheWritten?: number
  readonly reasoning?: number
}

interface AnswerScript {
  readonly text?: string | readonly string[]
  /** `reasoning_content`, as DeepSeek, Z.ai and llama.cpp send it. */
  readonly reasoning?: string | readonly string[]
  readonly toolCalls?: readonly ToolCallScript[]
  readonly finishReason?: string
  /** `none`: the upstream reports no usage at all. */
  readonly usage?: UsageScript | 'none'
  /** The `model` of the answer; the asked one unless given. */
  readonly model?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Replaces the content type that belongs to the answer. */
  readonly contentType?: string
  /** Nothing is sent, not even the head, before this gate opens. */
  readonly before?: Gate
}

/** A whole JSON answer. */
export interface CompletionScript extends AnswerScript {
  readonly kind: 'completion'
  /** Extra members at the top level, to see them passed through. */
  readonly extra?: Readonly<Record<string, unknown>>
  /** Sends the body gzip-encoded, whatever was asked for. */
  readonly gzip?: boolean
}

/** A server-sent-event stream of `chat.completion.chunk`s. */
export interface StreamScript extends AnswerScript {
  readonly kind: 'stream'
  /** `own-chunk` (OpenAI, only when `stream_options.include_usage` was asked), `finish-chunk` (Mistral, always), `every-stream`: own chunk, asked or not. */
  readonly usagePlace?: 'own-chunk' | 'finish-chunk' | 'every-stream'
  /** False leaves `data: [DONE]` out. */
  readonly done?: boolean
  readonly framing?: 'lf' | 'crlf'
  /** How the bytes are cut into writes: an event each, everything at once, or blocks of n bytes (1 splits every UTF-8 sequence). */
  readonly writes?: 'per-event' | 'at-once' | number
  /** A comment line before each event. */
  readonly comments?: boolean
  /** The socket is destroyed after this many events. */
  readonly cutAfter?: number
  /** An error frame takes the place of everything after this many events. */
  readonly errorAfter?: { readonly events: number; readonly message: string; readonly code?: string }
  /** Waits at this gate after this many events. */
  readonly stall?: { readonly events: number; readonly gate: Gate }
  /** Pause between two writes, in ms: a slow trickle. */
  readonly pauseMs?: number
}

/** A refusal in OpenAI's shape. */
export interface ErrorScript {
  readonly kind: 'error'
  readonly status: number
  readonly message?: string
  readonly type?: string
  readonly code?: string | null
  readonly headers?: Readonly<Record<string, string>>
}

/** Any bytes at all: wrong content types, HTML from a proxy, huge or broken bodies. */
export interface RawScript {
  readonly kind: 'raw'
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: readonly (string | Uint8Array)[]
  /** Destroys the socket in place of ending the body. */
  readonly cut?: boolean
  /** Waits at this gate after this many blocks of the body. */
  readonly stall?: { readonly blocks: number; readonly gate: Gate }
}

/** No head until the gate opens; then the socket is closed, or `then` is played. */
export interface StallScript {
  readonly kind: 'stall'
  readonly gate: Gate
  readonly then?: Script
}

/** The connection is reset before any byte: always, or only on a socket that already carried a request (a keep-alive race). */
export interface ResetScript {
  readonly kind: 'reset'
  readonly when: 'always' | 'reused'
  /** Played on a fresh socket when `when` is `reused`. */
  readonly otherwise?: Script
}

/** A point where a script waits until a test lets it go on. */
export interface Gate {
  readonly opened: Promise<void>
  open(): void
}

/** A gate in the closed position. Nobody waits at it any longer once the server closes. */
export function createGate(): Gate {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { opened: promise, open: resolve }
}
