import { readFileSync } from 'node:fs'
import type { Deployment, PaidBy } from '../gateway-config.ts'
import { resourcePath } from '../package-root.ts'
import { CatalogueSchema, type ProviderDefinition } from '../schema/providers.ts'
import { createProblemList } from '../source/problem-list.ts'
import { createValueReader } from '../source/read-value.ts'
import { readYaml } from '../source/read-yaml.ts'
import { createVariables } from '../source/variables.ts'

export type Wire = Exclude<Deployment['adapter'], 'demo'>

/** What is known of a provider, from our catalogue or from the user's own definition. */
export interface ProviderFacts {
  /** The prefix in use: the spend category. */
  readonly id: string
  /** Normalised; undefined when every deployment must name its own. */
  readonly baseUrl: string | undefined
  /** Variables that hold the key, first one first. */
  readonly keyVariables: readonly string[]
  /** Variables that hold another base URL. */
  readonly baseVariables: readonly string[]
  /** Sent with each call; `{api_key}` stands for the key. */
  readonly headers: Readonly<Record<string, string>>
  /** Never empty; the preferred one first. */
  readonly wires: readonly Wire[]
  readonly acceptsStreamOptions: boolean
  readonly refusedFields: readonly string[]
  /** Fields that the provider knows by another name: the client's name, then the provider's. */
  readonly renamedFields: Readonly<Record<string, string>>
  /** The prefix also stands for any compatible server: `renamedFields` hold at the provider's own base only. */
  readonly servesOthers: boolean
  readonly appendV1: boolean
  readonly billing: PaidBy
  /** Header that must hold one value for each conversation. */
  readonly sessionHeader?: string
  /** As the user wrote it: what the provider counts over all models of one key. */
  readonly quota?: ProviderDefinition['quota']
  readonly unsupported: string | undefined
  /** True when the user defined it: its key goes to any base the user writes. */
  readonly ownDefinition: boolean
}

export interface ProviderCatalogue {
  /** Facts by prefix, aliases included. */
  readonly providers: ReadonlyMap<string, ProviderFacts>
  /** Beginnings of model names by provider; `#` stands for a digit. */
  readonly modelPrefixes: readonly { readonly provider: string; readonly prefix: string }[]
  /** What a list of models says of the window of a provider's model, in tokens. */
  readonly windowOf?: (provider: string, model: string) => number | undefined
}

/** Reads `resources/providers.yaml`. Throws when it is broken: it is ours. */
export function readCatalogue(path: string = resourcePath('providers.yaml')): ProviderCatalogue {
  return parseCatalogue(readFileSync(path, 'utf8'), path)
}

/** The catalogue in a text of the form of `resources/providers.yaml`. Throws on any problem. */
export function parseCatalogue(text: string, path: string): ProviderCatalogue {
  const problems = createProblemList(path)
  const variables = createVariables(() => undefined, undefined)
  const value = createValueReader({ problems, variables }).read(
    CatalogueSchema,
    readYaml(text, problems),
    'the catalogue',
  )
  const [problem] = problems.all()
  if (value === undefined || problem !== undefined) {
    throw new Error(
      `The provider catalogue is broken: ${path}:${problem?.line ?? 1} ${problem?.message ?? 'it is empty'}`,
    )
  }
  const providers = new Map<string, ProviderFacts>()
  for (const [id, entry] of Object.entries(value.providers)) {
    for (const prefix of [id, ...(entry.aliases ?? [])]) {
      providers.set(prefix, {
        id: prefix,
        baseUrl: entry.base_url,
        keyVariables: entry.api_key_env ?? [],
        baseVariables: entry.api_base_env ?? [],
        headers: {},
        wires: entry.wires ?? ['openai-compatible'],
        acceptsStreamOptions: entry.accepts_stream_options ?? true,
        refusedFields: entry.refused_fields ?? [],
        renamedFields: entry.renamed_fields ?? {},
        servesOthers: entry.serves_others ?? false,
        appendV1: entry.append_v1 ?? false,
        billing: entry.billing ?? 'billed',
        ...(entry.session_header === undefined ? {} : { sessionHeader: entry.session_header }),
        unsupported: entry.unsupported,
        ownDefinition: false,
      })
    }
  }
  const modelPrefixes = Object.entries(value.model_prefixes).flatMap(([provider, prefixes]) =>
    prefixes.map((prefix) => ({ provider, prefix })),
  )
  return { providers, modelPrefixes }
}
