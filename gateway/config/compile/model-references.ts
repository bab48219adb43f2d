import { anyBackend, discoverableBackends } from '../providers/backend-names.ts'
import { modelCapabilities } from '../gateway-config.ts'
import { nearestName } from '../source/nearest-name.ts'
import { matchWildcard } from '../wildcard.ts'

/** What a name in a tier, a chain or an alias leads to. */
export type ModelReferenceReading =
  | { readonly kind: 'configured'; readonly model: string }
  | { readonly kind: 'router'; readonly model: string }
  /** Not there now; `because` says what may bring it or why it was left out. */
  | { readonly kind: 'waiting'; readonly model: string; readonly because: string }
  | { readonly kind: 'unknown'; readonly nearest: string | undefined }

export interface DeclaredNames {
  /** Every `model_name` of the file that is no router, entries with problems included. */
  readonly models: ReadonlySet<string>
  readonly routers: ReadonlySet<string>
  /** Those of the models that have a `*`. */
  readonly patterns: readonly string[]
  /** Entries that are not in use, with the reason. */
  readonly leftOut: ReadonlyMap<string, string>
  readonly deploymentIds: ReadonlySet<string>
  /** Group by alias. */
  readonly aliases: ReadonlyMap<string, string>
  /** Keys of the block `backends`. */
  readonly backends: ReadonlySet<string>
  /** How many more unknown names get a suggestion: looking for one compares with every name of the file. */
  readonly suggestions: { left: number }
}

/** Finds what a name means. Aliases are followed, so the answer's `model` is the name of a group. */
export function readModelReference(name: string, declared: DeclaredNames): ModelReferenceReading {
  const model = declared.aliases.get(name) ?? name
  // A name that is both has its own error: what names it is not to blame.
  if (declared.routers.has(model) && !declared.models.has(model)) return { kind: 'router', model }
  if (declared.models.has(model)) {
    const because = declared.leftOut.get(model)
    return because === undefined ? { kind: 'configured', model } : { kind: 'waiting', model, because }
  }
  if (declared.deploymentIds.has(model)) return { kind: 'configured', model }
  if (isCapabilitySelector(model)) {
    return { kind: 'waiting', model, because: 'it is used once a local server has such a model' }
  }
  const pattern = declared.patterns.find((candidate) => matchWildcard(candidate, model) !== undefined)
  if (pattern !== undefined) {
    const because = declared.leftOut.get(pattern)
    return because === undefined ? { kind: 'configured', model } : { kind: 'waiting', model, because }
  }
  const slash = model.indexOf('/')
  const vendor = slash > 0 ? model.slice(0, slash) : undefined
  if (
    vendor !== undefined &&
    slash < model.length - 1 &&
    (declared.backends.has(vendor) || discoverableBackends.has(vendor))
  ) {
    return { kind: 'waiting', model, because: `it is used once ${vendor} has it` }
  }
  return { kind: 'unknown', nearest: suggest(name, declared) }
}

/** `local:tools`: any local model that can do this. */
function isCapabilitySelector(name: string): boolean {
  return modelCapabilities.some((capability) => name === `${anyBackend}:${capability}`)
}

/** A hundred suggestions are more than anybody reads; a file with thousands of wrong names must not stop the process. */
export const mostSuggestions = 100

function suggest(name: string, { models, aliases, suggestions }: DeclaredNames): string | undefined {
  if (suggestions.left <= 0) return undefined
  suggestions.left -= 1
  const selectors = name.startsWith(`${anyBackend}:`) ? modelCapabilities.map((word) => `${anyBackend}:${word}`) : []
  const candidates = [...models, ...aliases.keys(), ...selectors]
  return nearestName(name, candidates) ?? nearestByEnding(name, candidates)
}

/** People write the upstream id in place of the model_name: `deepseek-v4-flash` for `opencode-deepseek-v4-flash`. */
function nearestByEnding(name: string, candidates: readonly string[]): string | undefined {
  const ending = name.slice(name.lastIndexOf('/') + 1)
  if (ending.length < 4) return undefined
  return candidates.find((candidate) => candidate.endsWith(ending) || name.endsWith(candidate))
}
