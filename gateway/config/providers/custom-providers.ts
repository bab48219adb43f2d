import type { ProviderDefinition } from '../schema/providers.ts'
import type { ProblemList } from '../source/problem-list.ts'
import type { ValueReader } from '../source/read-value.ts'
import { entryOf } from '../source/source-tree.ts'
import { readBaseUrl } from './base-url.ts'
import type { ProviderFacts, Wire } from './catalogue.ts'

/**
 * Lays the user's own definitions over what is known: a key written there wins, one left out keeps its value. A new
 * prefix needs `base_url` (or `api_base_env`, or an `api_base` in each of its deployments).
 */
export function mergeProviders(
  known: ReadonlyMap<string, ProviderFacts>,
  definitions: Readonly<Record<string, ProviderDefinition>>,
  reader: ValueReader,
  problems: ProblemList,
): Map<string, ProviderFacts> {
  const merged = new Map(known)
  for (const [id, definition] of Object.entries(definitions)) {
    const before = known.get(id)
    merged.set(id, {
      id,
      baseUrl: definedBase(definition, before, reader, problems) ?? before?.baseUrl,
      keyVariables: asList(definition.api_key_env) ?? before?.keyVariables ?? [],
      baseVariables: asList(definition.api_base_env) ?? before?.baseVariables ?? [],
      headers: { ...before?.headers, ...definition.headers },
      wires: definedWires(definition) ?? before?.wires ?? ['openai-compatible'],
      acceptsStreamOptions: definition.accepts_stream_options ?? before?.acceptsStreamOptions ?? true,
      refusedFields: definition.refused_fields ?? before?.refusedFields ?? [],
      renamedFields: { ...before?.renamedFields, ...definition.param_mappings },
      servesOthers: before?.servesOthers ?? false,
      appendV1: before?.appendV1 ?? false,
      billing: definition.billing ?? before?.billing ?? 'billed',
      unsupported: definition.base_url === undefined ? before?.unsupported : undefined,
      quota: definition.quota ?? before?.quota,
      ownDefinition: true,
    })
  }
  return merged
}

/** Our `wires`, or what LiteLLM's `supported_endpoints` adds to chat completions. */
function definedWires({ wires, supported_endpoints: endpoints }: ProviderDefinition): readonly Wire[] | undefined {
  if (wires !== undefined && wires.length > 0) return wires
  if (endpoints === undefined) return undefined
  const added: Wire[] = ['openai-compatible']
  if (endpoints.some((path) => path.endsWith('/responses'))) added.push('openai-responses')
  if (endpoints.some((path) => path.endsWith('/messages'))) added.push('anthropic')
  return added
}

function definedBase(
  definition: ProviderDefinition,
  before: ProviderFacts | undefined,
  reader: ValueReader,
  problems: ProblemList,
): string | undefined {
  if (definition.base_url === undefined) return undefined
  const node = entryOf(reader.nodeOf(definition), 'base_url')?.node
  const reading = readBaseUrl(definition.base_url, { appendV1: before?.appendV1 ?? false })
  if (reading.kind === 'wrong') {
    problems.error({
      place: node?.place,
      path: node?.path,
      message: `base_url must be ${reading.wanted}`,
      seen: reading.hide ? '[hidden]' : definition.base_url,
      wanted: reading.wanted,
    })
    return undefined
  }
  if (reading.removed !== undefined) {
    problems.warning({
      place: node?.place,
      path: node?.path,
      message: `base_url ends with ${reading.removed}, which is added by itself. Remove it`,
    })
  }
  return reading.url
}

function asList(names: string | readonly string[] | undefined): readonly string[] | undefined {
  return typeof names === 'string' ? [names] : names
}
