import type { GatewayError } from '../../model/errors.ts'
import type { JsonObject } from '../../model/json.ts'

/**
 * An error in OpenAI's shape: `code` is our stable word, the upstream's own status, code and type stand beside it under
 * `upstream` where there was one.
 */
export function chatErrorBody(error: GatewayError): JsonObject {
  const body: JsonObject = { message: error.message, type: error.type, param: error.param, code: error.code }
  if (error.upstream !== undefined) {
    const { status, code, type } = error.upstream
    body.upstream = { status, code: code ?? null, type: type ?? null }
  }
  return { error: body }
}

/** The same as one event of a stream, after which the stream ends without `[DONE]`: never a fake success. */
export function chatErrorEvent(error: GatewayError): Buffer {
  return Buffer.from(`data: ${JSON.stringify(chatErrorBody(error))}\n\n`)
}
