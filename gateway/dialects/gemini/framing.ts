import type { JsonObject } from '../../model/json.ts'

/** How the objects of one stream are written: as server-sent events, or as the elements of one JSON list. */
export interface StreamFraming {
  object(value: JsonObject): Buffer
  /** After the last object of a stream, also of one that ends in an error. */
  tail(): Buffer
  readonly keepAlive: Buffer
}

export type GeminiStreamForm = 'sse' | 'json-array'

/** A framing for one stream: it remembers whether anything was written. */
export function createFraming(form: GeminiStreamForm): StreamFraming {
  return form === 'sse' ? eventFraming : listFraming()
}

/**
 * A blank line is the life sign that every reader of events passes over: Google's SDKs for Go and older ones for
 * JavaScript stumble over comments, and an empty response object counts as a fault in Gemini CLI.
 */
const eventFraming: StreamFraming = {
  object: (value) => Buffer.from(`data: ${JSON.stringify(value)}\r\n\r\n`),
  tail: () => Buffer.alloc(0),
  keepAlive: Buffer.from('\r\n\r\n'),
}

function listFraming(): StreamFraming {
  let isEmpty = true
  return {
    object: (value) => {
      const lead = isEmpty ? '[' : ',\r\n'
      isEmpty = false
      return Buffer.from(lead + JSON.stringify(value))
    },
    tail: () => Buffer.from(isEmpty ? '[]\r\n' : ']\r\n'),
    keepAlive: Buffer.from('\r\n'),
  }
}
