import { securityHeaders } from './security-headers.ts'
import { errorResponse } from './error-response.ts'

export interface GatewayAddress {
  /** `http://127.0.0.1:4000`. */
  readonly url: string
  readonly controlToken: string
}

interface ForwardOptions {
  readonly gateway: () => GatewayAddress | undefined
  readonly fetch: (input: URL, init: RequestInit) => Promise<Response>
}

/** The only headers of the page that reach the gateway: no cookie, no Origin, no Authorization of its own. */
const forwardedRequestHeaders = ['accept', 'accept-language', 'content-type', 'if-none-match', 'last-event-id']

/** Headers of one connection, or of a body that fetch has already decoded. */
const droppedResponseHeaders = [
  'connection',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
  'content-encoding',
  'content-length',
  'set-cookie',
]

/**
 * Carries one request of the interface to the gateway and streams the answer back. The page's abort, or its cancelling
 * of the answer's body, ends the gateway's side too. While nothing listens: 503 `backend_unavailable`.
 */
export async function forwardToGateway(request: Request, url: URL, options: ForwardOptions): Promise<Response> {
  const address = options.gateway()
  if (address === undefined) {
    return errorResponse(503, 'backend_unavailable', 'The gateway is not running. Start it in the tray menu.')
  }
  // Assigned part by part: resolving the path against the address could change the host ("//elsewhere/…").
  const target = new URL(address.url)
  target.pathname = url.pathname
  target.search = url.search
  try {
    const answer = await options.fetch(target, await forwardedInit(request, address.controlToken))
    return new Response(answer.body, { status: answer.status, headers: answerHeaders(answer.headers) })
  } catch {
    if (request.signal.aborted) return errorResponse(499, 'client_closed_request', 'The page ended the request.')
    return errorResponse(503, 'backend_unavailable', 'The gateway does not answer. It may be starting again.')
  }
}

async function forwardedInit(request: Request, controlToken: string): Promise<RequestInit> {
  const headers = new Headers({ authorization: `Bearer ${controlToken}`, 'accept-encoding': 'identity' })
  for (const name of forwardedRequestHeaders) {
    const value = request.headers.get(name)
    if (value !== null) headers.set(name, value)
  }
  const init: RequestInit = { method: request.method, headers, redirect: 'manual', signal: request.signal }
  // Control bodies are small; read whole, they need neither chunking nor `duplex`.
  if (request.body !== null) init.body = await request.arrayBuffer()
  return init
}

function answerHeaders(received: Headers): Headers {
  const headers = new Headers(received)
  for (const name of droppedResponseHeaders) headers.delete(name)
  for (const [name, value] of Object.entries(securityHeaders)) headers.set(name, value)
  return headers
}
