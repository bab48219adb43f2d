import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { GatewayError, toGatewayError } from '../model/errors.ts'
import { createCallId } from './call-id.ts'
import { dialectOfPath, errorBody, errorHeaders } from './error-body.ts'
import { pathOf } from './request-path.ts'

/** What the HTTP side writes to: the shape of pino. Objects hold no bodies and no headers. */
export interface HttpLogger {
  warn(details: object, message: string): void
  error(details: object, message: string): void
}

export interface ErrorReplyDependencies {
  readonly logger: HttpLogger
  readonly now: () => number
}

/** How long and how much of a refused body is still read, so that the client gets to see the refusal instead of a reset. */
const lingerMs = 2000
const lingerBytes = 64 * 1024 * 1024

/** The one place where errors become answers. Unexpected ones are logged with their stack and answered without it. */
export function createErrorReply({ logger, now }: ErrorReplyDependencies) {
  return (thrown: unknown, request: FastifyRequest, reply: FastifyReply): void => {
    const error = fromFastifyError(thrown) ?? toGatewayError(thrown)
    const path = pathOf(request.raw.url)
    const callId = readCallId(reply) ?? createCallId(now())
    if (error.status >= 500 && error.code === 'internal_error') {
      logger.error({ callId, path, err: error.cause ?? error }, 'a request failed unexpectedly')
    }
    const payload = JSON.stringify(errorBody(error, dialectOfPath(path), callId))
    const headers: Record<string, string> = {
      'content-type': 'application/json; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'x-litellm-call-id': callId,
      ...errorHeaders(error),
    }
    if (error.code === 'body_too_large') answerAndLinger(request, reply, error.status, headers, payload)
    else reply.code(error.status).headers(headers).send(payload)
  }
}

/** The call id a handler has set already. */
function readCallId(reply: FastifyReply): string | undefined {
  const value = reply.getHeader('x-litellm-call-id')
  return typeof value === 'string' ? value : undefined
}

/** Fastify's own refusals in our words; undefined for anything else. */
function fromFastifyError(thrown: unknown): GatewayError | undefined {
  if (thrown instanceof GatewayError || !(thrown instanceof Error)) return undefined
  const { code, statusCode } = thrown as Partial<FastifyError>
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    return new GatewayError(
      'unsupported_media_type',
      'The content type cannot be read; send `content-type: application/json`.',
    )
  }
  if (code === 'FST_ERR_BAD_URL' || code === 'FST_ERR_MAX_PARAM_LENGTH') {
    return new GatewayError('not_found', 'The path of this request cannot be read.')
  }
  if (statusCode === 400) return new GatewayError('invalid_http', 'The request cannot be read.')
  return undefined
}

/**
 * Answers at once, then reads on for a while before closing: a server that closes with unread bytes makes the system send a
 * reset, which can destroy the answer before the client has read it.
 */
function answerAndLinger(
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  headers: Record<string, string>,
  payload: string,
): void {
  reply.hijack()
  const { raw: incoming } = request
  const { raw: response } = reply
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(payload), connection: 'close' })
  response.write(payload)
  let seen = 0
  const finish = (): void => {
    clearTimeout(timer)
    incoming.off('data', onData)
    response.end()
  }
  const onData = (chunk: Buffer): void => {
    seen += chunk.length
    if (seen > lingerBytes) finish()
  }
  const timer = setTimeout(finish, lingerMs).unref()
  incoming.on('data', onData).once('end', finish).once('close', finish)
  incoming.resume()
}
