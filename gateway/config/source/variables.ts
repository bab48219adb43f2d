import type { ProblemList } from './problem-list.ts'
import { expandText, type ExpandedText, type Lookup } from './references.ts'
import type { Place, SourceNode } from './source-tree.ts'

/** The variables of one load: where values come from, and what was asked for in vain. */
export interface Variables {
  /** Expands the text at a place. A variable without a value is remembered for `report`. */
  expand(text: string, place: Place, path: string): ExpandedText
  /** Looks up a variable that the file does not name, such as a provider's usual key. */
  find(name: string): string | undefined
  /** Like `find`, for a variable that nobody needs to have: one without value is not remembered. */
  peek(name: string): string | undefined
  /** Remembers that a variable would have been used at a place. */
  want(name: string, place: Place, path: string): void
  /** Names that were looked up and have no value, in order of first use. */
  missing(): string[]
  /** One warning per missing variable, with all its places. */
  report(problems: ProblemList): void
}

/**
 * `block` is the section `environment_variables`, which comes before `lookup` (the environment, then the keychain).
 * The values of the block may refer to `lookup` and to entries above them.
 */
export function createVariables(lookup: Lookup, block: SourceNode | undefined): Variables {
  const uses = new Map<string, { place: Place; path: string }[]>()
  const missing = new Set<string>()
  const own = new Map<string, string>()
  /** What an entry of the block without value would be taken from. */
  const sources = new Map<string, readonly string[]>()

  function peek(name: string): string | undefined {
    const value = own.get(name) ?? lookup(name)
    return value === undefined || value.trim() === '' ? undefined : value
  }

  function find(name: string): string | undefined {
    const known = peek(name)
    if (known === undefined) for (const needed of [name, ...(sources.get(name) ?? [])]) missing.add(needed)
    return known
  }

  function nameWithSources(name: string): string {
    const behind = sources.get(name)
    return behind === undefined ? name : `${name} (from ${behind.join(', ')})`
  }

  function want(name: string, place: Place, path: string): void {
    const places = uses.get(name) ?? []
    places.push({ place, path })
    uses.set(name, places)
  }

  if (block?.kind === 'map') {
    for (const { key, node } of block.entries) {
      if (node.kind !== 'scalar' || node.value === null) continue
      const expanded = expandText(
        typeof node.value === 'string' ? node.value : node.text,
        (name) => own.get(name) ?? lookup(name),
      )
      // What the block leaves without value is reported where it is used: an unused pair needs no warning.
      if (expanded.kind !== 'missing') own.set(key, expanded.text)
      else
        sources.set(
          key,
          expanded.names.filter((source) => source !== key),
        )
    }
  }

  return {
    find,
    peek,
    want,
    expand(text, place, path) {
      const expanded = expandText(text, find)
      if (expanded.kind === 'missing') for (const name of expanded.names) want(name, place, path)
      return expanded
    },
    missing: () => [...missing],
    report(problems) {
      for (const [name, places] of uses) {
        for (const { place, path } of places) {
          problems.once('warning', `variable ${name}`, {
            place,
            path,
            message: `${nameWithSources(name)} is not set. Set it in the environment or store it in the keychain`,
            seen: 'not set',
            wanted: `a value for ${name}`,
          })
        }
      }
    },
  }
}
