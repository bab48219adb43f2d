import { Secret } from '../../model/secret.ts'
import type { KeyReference, NamedProvider } from '../gateway-config.ts'
import type { ProviderFacts } from '../providers/catalogue.ts'
import type { CompileContext } from './compile-context.ts'
import { defaultDeadlines } from './compile-deadlines.ts'

/**
 * The providers that could be asked for their models without an entry that names them: those that the user defined, and
 * those of the catalogue whose key is there.
 */
export function compileProviders({ catalogue, variables }: CompileContext): Map<string, NamedProvider> {
  const providers = new Map<string, NamedProvider>()
  for (const [name, facts] of catalogue.providers) {
    if (facts.baseUrl === undefined || facts.unsupported !== undefined) continue
    const apiKey = keyOf(facts, (variable) => variables.peek(variable))
    if (!facts.ownDefinition && apiKey.kind !== 'value') continue
    // An alias of the catalogue is the same provider under a second name.
    if ([...providers.values()].some((known) => !facts.ownDefinition && known.baseUrl === facts.baseUrl)) continue
    providers.set(name, {
      name,
      adapter: facts.wires[0] ?? 'openai-compatible',
      baseUrl: facts.baseUrl,
      apiKey,
      headers: headersOf(facts, apiKey),
      deadlines: defaultDeadlines,
    })
  }
  return providers
}

function keyOf({ keyVariables }: ProviderFacts, peek: (name: string) => string | undefined): KeyReference {
  if (keyVariables.length === 0) return { kind: 'none' }
  const name = keyVariables.find((variable) => peek(variable) !== undefined)
  const key = name === undefined ? undefined : peek(name)?.trim()
  if (name === undefined || key === undefined || !/^[\x20-\x7E]*$/.test(key))
    return { kind: 'missing', names: keyVariables }
  return { kind: 'value', secret: new Secret(key), names: [name] }
}

function headersOf({ headers }: ProviderFacts, apiKey: KeyReference): Record<string, string> {
  const filled = Object.entries(headers).flatMap(([name, template]) => {
    if (!template.includes('{api_key}')) return [[name.toLowerCase(), template] as const]
    if (apiKey.kind !== 'value') return []
    return [[name.toLowerCase(), template.replaceAll('{api_key}', () => apiKey.secret.reveal())] as const]
  })
  return Object.fromEntries(filled)
}
