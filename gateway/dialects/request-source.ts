import type { JsonObject } from '../model/json.ts'

/** Headers of a request with lower-case names, as Node gives them. */
export type RequestHeaders = Readonly<Record<string, string | readonly string[] | undefined>>

/** A parsed request, before anyone has looked at it. */
export interface RequestSource {
  readonly body: JsonObject
  /** Size of the body in bytes. */
  readonly bodyBytes: number
  readonly headers: RequestHeaders
  /** What the URL says, where the dialect says it there; wins over the body. */
  readonly url: UrlFacts
}

export interface UrlFacts {
  readonly model?: string
  readonly stream?: boolean
}

/** The value of a header; the first one when it came several times. */
export function headerText(headers: RequestHeaders, name: string): string {
  const value = headers[name]
  return (typeof value === 'string' ? value : value?.[0]) ?? ''
}
