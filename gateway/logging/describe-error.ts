import { type ErrorCode, GatewayError } from '../model/errors.ts'
import { redactText } from './redact.ts'

/** An error as the log shows it: enough to find the place in the code, nothing of a request or an answer. */
export interface ErrorDescription {
  readonly type: string
  readonly code?: string
  readonly message?: string
  readonly frames?: readonly string[]
  readonly cause?: ErrorDescription
}

const longestChain = 5
const mostFrames = 20

/**
 * Describes anything thrown. Own properties of errors are not copied: HTTP libraries hang headers and bodies there.
 * Messages are kept only as far as they cannot quote a request: whole for system errors (errno codes) and for our own
 * codes that never repeat an upstream's words, with quoted parts cut for the rest, not at all for parsers' errors.
 */
export function describeError(thrown: unknown, depth = 1): ErrorDescription {
  if (!(thrown instanceof Error)) return { type: typeof thrown }
  const code = readCode(thrown)
  const message = safeMessage(thrown, code)
  const frames = stackFrames(thrown)
  return {
    type: typeName(thrown),
    ...(code === undefined ? {} : { code }),
    ...(message === undefined ? {} : { message }),
    ...(frames.length === 0 ? {} : { frames }),
    ...(thrown.cause === undefined || depth >= longestChain ? {} : { cause: describeError(thrown.cause, depth + 1) }),
  }
}

function typeName(error: Error): string {
  const name = error.constructor?.name
  return typeof name === 'string' && /^\w{1,60}$/.test(name) ? name : 'Error'
}

function readCode(error: Error): string | undefined {
  const code = (error as { code?: unknown }).code
  return typeof code === 'string' && /^[A-Za-z0-9_]{1,60}$/.test(code) ? code : undefined
}

/** Codes whose sentences may repeat what a client or an upstream wrote. */
const quotingCodes: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'invalid_json',
  'invalid_field',
  'context_length_exceeded',
  'content_policy_violation',
  'rate_limited',
  'provider_key_refused',
  'provider_payment_required',
  'provider_permission_denied',
  'upstream_bad_request',
  'upstream_not_found',
  'upstream_unprocessable',
  'upstream_error',
  'upstream_stream_cut',
  'upstream_invalid_answer',
])

/** Codes whose sentences come from the system, a library's own list or our secret stores, and quote no request. */
const systemCode = /^(?:E[A-Z0-9]{2,30}|UND_ERR_[A-Z_]{1,40}|SQLITE_[A-Z_]{1,40}|secret_store_unusable)$/

function safeMessage(error: Error, code: string | undefined): string | undefined {
  if (error instanceof GatewayError) return quotingCodes.has(error.code) ? undefined : redactText(error.message)
  // V8's parsers quote their input: `Unexpected token 'H', "Hello, my…" is not valid JSON`.
  if (error instanceof SyntaxError || error.message === '') return undefined
  const isSystem = code !== undefined && systemCode.test(code)
  return redactText(isSystem ? error.message : cutQuoted(error.message)).slice(0, 500)
}

/** Cuts everything between the first and the last quotation mark: a quoted value may hold quotation marks itself. */
function cutQuoted(message: string): string {
  const firstLine = message.split('\n', 1)[0] ?? ''
  const first = firstLine.search(/["'`]/)
  if (first === -1) return firstLine
  const last = Math.max(firstLine.lastIndexOf('"'), firstLine.lastIndexOf("'"), firstLine.lastIndexOf('`'))
  return `${firstLine.slice(0, first)}'…'${firstLine.slice(last + 1)}`
}

/** `    at name (file:///…/relay.ts:10:5)`: a place in a file, so that a message's own lines never pass for a frame. */
const frameLine =
  /^ {4}at (?:[\w.<>$#[\] ]{1,200} \()?(?:async )?(?:file:\/\/|node:|\/|[A-Za-z]:\\)[^\n]{1,500}:\d{1,7}:\d{1,7}\)?$/

function stackFrames(error: Error): string[] {
  if (typeof error.stack !== 'string') return []
  const head = error.stack.indexOf(error.message)
  const trace = head === -1 ? error.stack : error.stack.slice(head + error.message.length)
  return trace
    .split('\n', mostFrames + 1)
    .filter((line) => frameLine.test(line))
    .map((line) => line.trim())
}
