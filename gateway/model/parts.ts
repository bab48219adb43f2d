import type { Dialect } from './dialect.ts'
import type { JsonObject, JsonValue } from './json.ts'

/**
 * Reasoning state that only its maker can read (a signature, encrypted content, a thought signature). It is sent back to
 * the same upstream unchanged and never to another: see OpaqueScope.
 */
export interface OpaqueState {
  readonly scope: OpaqueScope
  /** What it is in its maker's words: `signature`, `redacted_thinking`, `encrypted_content`, `thought_signature`, `reasoning_details`. */
  readonly kind: string
  readonly data: JsonValue
}

/** Whose state it is: wire, provider, credential and model, as one string that only has to be equal or not. */
export type OpaqueScope = string

export interface TextPart {
  readonly type: 'text'
  readonly text: string
  /** A prompt-cache mark (`cache_control` of Messages, breakpoints of OpenAI) stood on this part. */
  readonly cacheMark?: CacheMark
  /** A signature that stood on a text part (Gemini). */
  readonly opaque?: readonly OpaqueState[]
}

export interface CacheMark {
  readonly ttl: '5m' | '1h' | undefined
}

/** An image, document, audio or video. Exactly one source. */
export interface MediaPart {
  readonly type: 'media'
  readonly kind: 'image' | 'document' | 'audio' | 'video'
  readonly source: MediaSource
  /** `image/png`; undefined for a URL that does not say. */
  readonly mimeType: string | undefined
  readonly filename?: string
  readonly title?: string
  readonly context?: string
  /** `low`, `high`, `auto`… of OpenAI. */
  readonly detail?: string
  readonly cacheMark?: CacheMark
}

export type MediaSource =
  /** Base64 without a data-URL prefix. */
  | { readonly kind: 'base64'; readonly data: string }
  | { readonly kind: 'url'; readonly url: string }
  /** Plain text given as a document. */
  | { readonly kind: 'text'; readonly text: string }
  /** An id in the account of one provider. */
  | { readonly kind: 'file_id'; readonly id: string; readonly dialect: Dialect }

export interface ReasoningPart {
  readonly type: 'reasoning'
  /** What may be shown; empty for state without text. */
  readonly text: string
  readonly opaque: readonly OpaqueState[]
}

export interface ToolCallPart {
  readonly type: 'tool-call'
  /** As the client saw it or will see it. */
  readonly id: string
  readonly name: string
  /** Namespace of Codex's nested tools. */
  readonly namespace?: string
  /** `custom`: freeform text in place of JSON arguments. */
  readonly kind: 'function' | 'custom'
  /** The JSON text of the arguments, or the raw input of a custom tool, byte for byte as it came. */
  readonly arguments: string
  readonly opaque?: readonly OpaqueState[]
  readonly cacheMark?: CacheMark
}

export interface ToolResultPart {
  readonly type: 'tool-result'
  readonly callId: string
  /** Text and media in order. */
  readonly content: readonly (TextPart | MediaPart)[]
  readonly isError: boolean
  /** `custom` answers a custom tool call. */
  readonly kind: 'function' | 'custom'
  readonly cacheMark?: CacheMark
}

export interface RefusalPart {
  readonly type: 'refusal'
  readonly text: string
}

/** A part that only its own dialect knows (hosted tools and their results): carried to the same dialect, refused elsewhere. */
export interface ForeignPart {
  readonly type: 'foreign'
  readonly dialect: Dialect
  readonly value: JsonObject
}

export type Part = TextPart | MediaPart | ReasoningPart | ToolCallPart | ToolResultPart | RefusalPart | ForeignPart

/** One turn. System turns keep their place; tool results stand in user turns. */
export interface Turn {
  readonly role: 'system' | 'user' | 'assistant'
  readonly parts: readonly Part[]
}
