import { forwardToGateway, type GatewayAddress } from './forward-to-gateway.ts'
import { errorResponse } from './error-response.ts'
import { serveInterface } from './serve-interface.ts'

export const appScheme = 'app'
export const appOrigin = 'app://ui'
/** Where both windows start. */
export const interfaceUrl = `${appOrigin}/`

export interface AppProtocolOptions {
  /** Folder of the built renderer. */
  readonly uiDirectory: string
  /** Where the gateway listens now; undefined while it does not. */
  readonly gateway: () => GatewayAddress | undefined
  readonly fetch: (input: URL, init: RequestInit) => Promise<Response>
}

/** Electron tells which origin made a request; a page cannot forge it. Absent for what the browser itself starts. */
type AppRequest = Request & { readonly initiatorOrigin?: string | null }

/**
 * Answers every request of the `app:` scheme: `/api/…` is carried to the gateway with the control token, the rest are
 * the files of the interface. Never rejects; what goes wrong becomes an answer with an error in the gateway's shape.
 */
export async function answerAppRequest(request: AppRequest, options: AppProtocolOptions): Promise<Response> {
  const url = new URL(request.url)
  if (url.protocol !== `${appScheme}:` || url.host !== 'ui') {
    return errorResponse(404, 'not_found', `${url.protocol}//${url.host} is not served here. Use ${appOrigin}.`)
  }
  if (isForeign(request)) {
    return errorResponse(403, 'foreign_origin', `Only pages of ${appOrigin} may use it.`)
  }
  if (url.pathname.startsWith('/api/')) return forwardToGateway(request, url, options)
  return serveInterface(request.method, url, options.uiDirectory)
}

function isForeign(request: AppRequest): boolean {
  const initiator = request.initiatorOrigin ?? request.headers.get('origin') ?? undefined
  return initiator !== undefined && initiator !== appOrigin
}
