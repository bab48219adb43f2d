import { readBaseUrl } from '../providers/base-url.ts'
import type { ProviderFacts } from '../providers/catalogue.ts'
import type { DeploymentParams } from '../schema/deployment-params.ts'
import { hiddenValue, seenText } from '../source/describe.ts'
import { entryOf, isEmptyNode } from '../source/source-tree.ts'
import { type CompileContext, locate } from './compile-context.ts'

/** The base URL of a deployment, or what keeps it from having one. */
export type EndpointReading =
  | { readonly kind: 'url'; readonly url: string }
  /** The file takes the base from variables that are not set: the deployment must not fall back to another host. */
  | { readonly kind: 'missing'; readonly names: readonly string[] }
  | { readonly kind: 'wrong' }

/** Decides the base: `api_base` (or `base_url`) of the entry, the provider's variable, the provider's own base. */
export function compileEndpoint(
  params: DeploymentParams,
  provider: ProviderFacts,
  context: CompileContext,
): EndpointReading {
  const paramsNode = context.reader.nodeOf(params)
  for (const key of ['api_base', 'base_url'] as const) {
    const node = entryOf(paramsNode, key)?.node
    if (node === undefined || isEmptyNode(node)) continue
    const written = params[key]
    if (written !== undefined) return readWritten(written, key, params, provider, context)
    if (node.kind !== 'scalar' || typeof node.value !== 'string') return { kind: 'wrong' }
    const expanded = context.variables.expand(node.value, node.place, node.path)
    return expanded.kind === 'missing' ? expanded : { kind: 'wrong' }
  }
  for (const name of provider.baseVariables) {
    const value = context.variables.peek(name)
    if (value !== undefined) return readFromVariable(value, name, params, provider, context)
  }
  if (provider.baseUrl !== undefined) return { kind: 'url', url: provider.baseUrl }
  context.problems.error({
    ...locate(context, params, 'model'),
    message: `${provider.id}/ has no base URL of its own. Set api_base to the server's address, such as http://host:8000/v1`,
    wanted: 'an api_base',
  })
  return { kind: 'wrong' }
}

function readWritten(
  written: string,
  key: 'api_base' | 'base_url',
  params: DeploymentParams,
  provider: ProviderFacts,
  context: CompileContext,
): EndpointReading {
  const reading = readBaseUrl(written, provider)
  const where = locate(context, params, key)
  if (reading.kind === 'wrong') {
    // As written: the value of a variable is not shown.
    const node = entryOf(context.reader.nodeOf(params), key)?.node
    const seen = reading.hide || node === undefined ? hiddenValue : seenText(node, false)
    context.problems.error({
      ...where,
      message: `${key} is ${seen === hiddenValue ? seen : JSON.stringify(seen)}, must be ${reading.wanted}`,
      seen,
      wanted: reading.wanted,
    })
    return { kind: 'wrong' }
  }
  if (reading.removed !== undefined) {
    context.problems.warning({
      ...where,
      message: `${key} ends with ${reading.removed}, which is added by itself. Remove it`,
      wanted: reading.url,
    })
  }
  return { kind: 'url', url: reading.url }
}

function readFromVariable(
  value: string,
  name: string,
  params: DeploymentParams,
  provider: ProviderFacts,
  context: CompileContext,
): EndpointReading {
  const reading = readBaseUrl(value, provider)
  if (reading.kind === 'url') return { kind: 'url', url: reading.url }
  context.problems.error({
    ...locate(context, params, 'model'),
    message: `${name} is set but is not ${reading.wanted}`,
    seen: `the value of ${name}`,
    wanted: reading.wanted,
  })
  return { kind: 'wrong' }
}
