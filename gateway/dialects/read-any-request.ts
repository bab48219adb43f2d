import type { Dialect } from '../model/dialect.ts'
import type { JsonObject, JsonValue } from '../model/json.ts'
import type { RequestFacts } from '../model/request-facts.ts'
import { readChatFacts } from './chat-completions/read-facts.ts'
import { detectDialect } from './detect-dialect.ts'
import { readGeminiFacts } from './gemini/read-facts.ts'
import { jsonBytes } from './json-size.ts'
import { readMessagesFacts } from './messages/read-facts.ts'
import type { RequestHeaders, UrlFacts } from './request-source.ts'
import { readResponsesFacts } from './responses/read-facts.ts'

/** A request told in one object, as `/api/route/explain` and the command `route` take it. */
export interface AnyRequest {
  /** Wins over the body's model. */
  readonly model?: string | undefined
  /** Names in any case. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** A parsed JSON body. */
  readonly body: Readonly<Record<string, unknown>>
}

type FactsReader = (body: JsonObject, bodyBytes: number, headers: RequestHeaders, url: UrlFacts) => RequestFacts

const readers: Readonly<Record<Dialect, FactsReader>> = {
  'chat-completions': readChatFacts,
  responses: readResponsesFacts,
  messages: readMessagesFacts,
  gemini: readGeminiFacts,
}

/** Reads the facts of a request of any dialect, told from its body. Throws GatewayError as the dialect's reader does. */
export function readAnyRequest(request: AnyRequest): RequestFacts {
  // The body came out of a JSON parser: its unknown values are JSON values.
  const body = request.body as Readonly<Record<string, JsonValue>> as JsonObject
  const headers = Object.fromEntries(
    Object.entries(request.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
  )
  const url = request.model === undefined ? {} : { model: request.model }
  return readers[detectDialect(body, headers)](body, jsonBytes(body), headers, url)
}
