import type { KeyReference } from '../gateway-config.ts'
import type { ProviderFacts } from '../providers/catalogue.ts'
import type { DeploymentParams } from '../schema/deployment-params.ts'
import { type CompileContext, locate } from './compile-context.ts'

const headerName = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
const headerValue = /^[\t\x20-\x7E\x80-\xFF]*$/
/** These belong to the transport; a file that sets them would break the request. */
const transportHeaders = new Set([
  'host',
  'connection',
  'content-length',
  'content-type',
  'transfer-encoding',
  'accept-encoding',
  'keep-alive',
  'upgrade',
  'te',
  'trailer',
])

/**
 * Headers of a deployment, names in lower case: the provider's with `{api_key}` filled in, then `organization`, then
 * `extra_headers`. They may hold secrets and must never be shown.
 */
export function compileHeaders(
  params: DeploymentParams,
  provider: ProviderFacts,
  apiKey: KeyReference,
  context: CompileContext,
): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const [name, template] of Object.entries(provider.headers)) {
    if (!template.includes('{api_key}')) headers[name.toLowerCase()] = template
    else if (apiKey.kind === 'value') {
      headers[name.toLowerCase()] = template.replaceAll('{api_key}', () => apiKey.secret.reveal())
    }
  }
  if (params.organization !== undefined) headers['openai-organization'] = params.organization
  const written = params.extra_headers ?? {}
  for (const [name, value] of Object.entries(written)) headers[name.toLowerCase()] = value
  return withoutUnusable(headers, params, context)
}

function withoutUnusable(
  headers: Record<string, string>,
  params: DeploymentParams,
  context: CompileContext,
): Record<string, string> {
  const usable: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    const fault = faultOf(name, value)
    if (fault === undefined) usable[name] = value
    else {
      context.problems.error({
        ...locate(context, params.extra_headers ?? params),
        message: `the header ${JSON.stringify(name.slice(0, 60))} ${fault}`,
        seen: '[hidden]',
      })
    }
  }
  return usable
}

function faultOf(name: string, value: string): string | undefined {
  if (!headerName.test(name)) return 'has a name that HTTP does not allow'
  if (transportHeaders.has(name)) return 'is set by the gateway itself. Remove it'
  return headerValue.test(value) ? undefined : 'has a value with characters that HTTP does not allow'
}
