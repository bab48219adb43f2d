import type { Deployment } from '../../config/gateway-config.ts'
import type { UpstreamRequest } from '../../upstream/upstream-exchange.ts'

/** The API version of translated requests, and of native ones whose client names none. */
export const defaultVersion = '2023-06-01'

/** The version that a translated request to this deployment speaks: the config's `anthropic-version`, else the default. */
export function versionOf(deployment: Deployment): string {
  return deployment.headers['anthropic-version'] ?? defaultVersion
}

/** A request to an endpoint of this wire. `dialectHeaders` are the client's own words on version and betas. */
export function requestTo(
  deployment: Deployment,
  options: {
    readonly endpoint: 'messages' | 'messages/count_tokens'
    readonly body: Buffer
    readonly stream: boolean
    readonly userAgent: string
    readonly dialectHeaders?: Readonly<Record<string, string>>
  },
): UpstreamRequest {
  return {
    method: 'POST',
    url: endpointUrl(deployment.baseUrl, options.endpoint),
    headers: headersFor(deployment, options),
    body: options.body,
    connectMs: deployment.deadlines.connectMs,
  }
}

/** Bases are written with and without their version (`…/v1`, `https://api.z.ai/api/anthropic`). */
export function endpointUrl(baseUrl: string, endpoint: string): string {
  return /\/v\d+[a-z]*$/.test(baseUrl) ? `${baseUrl}/${endpoint}` : `${baseUrl}/v1/${endpoint}`
}

/** Built anew from the deployment; of the client only version and betas go upstream, never its credentials. */
function headersFor(
  deployment: Deployment,
  options: {
    readonly stream: boolean
    readonly userAgent: string
    readonly dialectHeaders?: Readonly<Record<string, string>>
  },
): Record<string, string> {
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    accept: options.stream ? 'text/event-stream' : 'application/json',
    'accept-encoding': 'identity',
    'user-agent': options.userAgent,
    'anthropic-version': defaultVersion,
    ...deployment.headers,
    ...options.dialectHeaders,
  }
  const betas = [deployment.headers['anthropic-beta'], options.dialectHeaders?.['anthropic-beta']]
  const joined = joinBetas(betas)
  if (joined !== '') headers['anthropic-beta'] = joined
  const { apiKey } = deployment
  if (apiKey.kind !== 'value' || headers['x-api-key'] !== undefined || headers.authorization !== undefined)
    return headers
  const secret = apiKey.secret.reveal()
  // Tokens of a sign-in are refused as x-api-key.
  if (secret.startsWith('sk-ant-oat')) headers.authorization = `Bearer ${secret}`
  else headers['x-api-key'] = secret
  return headers
}

/** The config's betas and the client's, each once. */
function joinBetas(lists: readonly (string | undefined)[]): string {
  const betas = lists.flatMap((list) => (list ?? '').split(',')).map((beta) => beta.trim())
  return [...new Set(betas)].filter((beta) => beta !== '').join(',')
}
