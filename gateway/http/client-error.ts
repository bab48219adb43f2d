import type { Socket } from 'node:net'
import { chatErrorBody } from '../dialects/chat-completions/error-body.ts'
import { GatewayError } from '../model/errors.ts'

/**
 * Answers what Node could not parse as HTTP: malformed requests, headers beyond the limit, requests that take too long to
 * arrive. The connection ends with it. A socket that was reset gets no answer, nor does one on which another answer is
 * being sent: the text would land in its midst.
 */
export function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable || hasAnswerUnderWay(socket)) {
    socket.destroy()
    return
  }
  const refusal = describe(error.code)
  const payload = JSON.stringify(chatErrorBody(refusal))
  const reason = reasons[refusal.status] ?? 'Bad Request'
  socket.end(
    `HTTP/1.1 ${refusal.status} ${reason}\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(payload)}\r\nx-should-retry: false\r\nx-content-type-options: nosniff\r\nconnection: close\r\n\r\n${payload}`,
  )
}

/** Node's own default handler looks at the same field; no public one tells. */
function hasAnswerUnderWay(socket: Socket): boolean {
  const { _httpMessage: answer } = socket as { readonly _httpMessage?: { readonly headersSent: boolean } | null }
  return answer?.headersSent === true
}

const reasons: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  408: 'Request Timeout',
  431: 'Request Header Fields Too Large',
}

function describe(code: string | undefined): GatewayError {
  if (code === 'HPE_HEADER_OVERFLOW') {
    return new GatewayError('headers_too_large', 'The request headers are larger than 64 kB.')
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return new GatewayError('invalid_http', 'The request took too long to arrive.', { status: 408 })
  }
  return new GatewayError('invalid_http', 'This is not a valid HTTP request.')
}
