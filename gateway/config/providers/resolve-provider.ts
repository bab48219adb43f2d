import { nearestName } from '../source/nearest-name.ts'
import { discoverableBackends } from './backend-names.ts'
import type { ProviderCatalogue, ProviderFacts } from './catalogue.ts'

/** What the `model` of a deployment means. */
export type ProviderResolution =
  | {
      readonly kind: 'resolved'
      readonly facts: ProviderFacts
      readonly upstreamModel: string
      /** Worth telling: how the prefix was understood. */
      readonly remark: string | undefined
    }
  | { readonly kind: 'unsupported'; readonly reason: string }
  | {
      readonly kind: 'unknown'
      readonly message: string
      readonly wanted: string
      readonly nearest: string | undefined
    }

export interface ModelReference {
  /** `litellm_params.model`. */
  readonly model: string
  /** `custom_llm_provider`: forces the provider. */
  readonly forced: string | undefined
  /** True when the entry names its own base URL. */
  readonly hasBase: boolean
}

/**
 * Finds the provider of a model reference. The text before the first slash is the prefix, unless a provider is forced; a
 * bare name with its own base is OpenAI-compatible; a bare name without one is guessed from how it begins.
 */
export function resolveProvider(reference: ModelReference, catalogue: ProviderCatalogue): ProviderResolution {
  const slash = reference.model.indexOf('/')
  const prefix = slash > 0 ? reference.model.slice(0, slash) : undefined
  const rest = reference.model.slice(slash + 1)
  if (reference.forced !== undefined) {
    const upstreamModel = prefix === reference.forced ? rest : reference.model
    return resolvePrefix(reference.forced, upstreamModel, reference, catalogue)
  }
  if (prefix === undefined) return resolveBareName(reference, catalogue)
  return resolvePrefix(prefix, rest, reference, catalogue)
}

function resolvePrefix(
  prefix: string,
  upstreamModel: string,
  reference: ModelReference,
  catalogue: ProviderCatalogue,
): ProviderResolution {
  if (upstreamModel === '') {
    const wanted = `${prefix}/ followed by the model's id`
    return {
      kind: 'unknown',
      message: `model is ${JSON.stringify(reference.model)}, must be ${wanted}`,
      wanted,
      nearest: undefined,
    }
  }
  const facts = catalogue.providers.get(prefix)
  if (facts?.unsupported !== undefined) return { kind: 'unsupported', reason: facts.unsupported }
  if (facts !== undefined) return { kind: 'resolved', facts, upstreamModel, remark: undefined }
  if (reference.hasBase) {
    const remark = `${prefix}/ is not a known provider: it is taken as OpenAI-compatible, because api_base is set`
    return { kind: 'resolved', facts: compatibleFacts(prefix), upstreamModel, remark }
  }
  const nearest = nearestName(prefix, [...catalogue.providers.keys(), 'auto_router'])
  const advice = nearest === undefined ? '' : ` Did you mean ${nearest}/?`
  return {
    kind: 'unknown',
    message: `${prefix}/ is not a known provider.${advice} Set api_base, or define ${prefix} under providers with base_url and api_key_env`,
    wanted: 'a known provider prefix, or an api_base',
    nearest,
  }
}

function resolveBareName(reference: ModelReference, catalogue: ProviderCatalogue): ProviderResolution {
  const { model } = reference
  if (reference.hasBase) {
    const facts = catalogue.providers.get('openai') ?? compatibleFacts('openai')
    return { kind: 'resolved', facts, upstreamModel: model, remark: undefined }
  }
  const guessed = catalogue.modelPrefixes.find(({ prefix }) => beginsWith(model, prefix))
  const facts = guessed === undefined ? undefined : catalogue.providers.get(guessed.provider)
  if (facts !== undefined) {
    const remark = `model has no provider prefix, taken as ${facts.id}/${model}`
    return { kind: 'resolved', facts, upstreamModel: model, remark }
  }
  return {
    kind: 'unknown',
    message: `model is ${JSON.stringify(model)}, which names no provider. Write it as provider/model, such as openai/${model}, or set api_base`,
    wanted: 'provider/model',
    nearest: undefined,
  }
}

/** `#` in the pattern stands for one digit. */
function beginsWith(model: string, pattern: string): boolean {
  const name = model.toLowerCase()
  return pattern
    .split('')
    .every((character, index) => (character === '#' ? /\d/.test(name[index] ?? '') : name[index] === character))
}

function compatibleFacts(id: string): ProviderFacts {
  return {
    id,
    baseUrl: undefined,
    keyVariables: [],
    baseVariables: [],
    headers: {},
    wires: ['openai-compatible'],
    acceptsStreamOptions: true,
    refusedFields: [],
    renamedFields: {},
    servesOthers: true,
    appendV1: false,
    billing: discoverableBackends.has(id) ? 'local' : 'billed',
    unsupported: undefined,
    ownDefinition: true,
  }
}
