import type { IncomingHttpHeaders } from 'node:http'

/** One request as the upstream double saw it. */
export interface RecordedRequest {
  /** Place in the order of arrival, from 0. */
  readonly index: number
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  /** Header names and values as they came, in order and in their own case. */
  readonly rawHeaders: readonly string[]
  readonly body: Buffer
  /** The parsed body; undefined when it is not JSON. */
  readonly json: ChatRequestBody | undefined
  /** Sockets are numbered from 0 as they connect. */
  readonly socket: number
  /** True when the socket carried a request before this one. */
  readonly reusedSocket: boolean
  /** Settles when the connection closed before the answer was complete (the client left, or the script cut it); pending for ever otherwise. */
  readonly aborted: Promise<void>
}

/** The members of a chat request that tests look at. */
export interface ChatRequestBody {
  readonly model?: string
  readonly stream?: boolean
  readonly stream_options?: { readonly include_usage?: boolean }
  readonly messages?: readonly { readonly role: string; readonly content: unknown }[]
  readonly tools?: readonly unknown[]
  readonly [member: string]: unknown
}

export function parseBody(body: Buffer): ChatRequestBody | undefined {
  try {
    return JSON.parse(body.toString('utf8')) as ChatRequestBody
  } catch {
    return undefined
  }
}
