/** What a piece of config text becomes once its references are looked up. */
export type ExpandedText =
  /** Nothing to expand: the text stands for itself. */
  | { readonly kind: 'literal'; readonly text: string }
  /** Every reference had a value. `names` are the variables used. */
  | { readonly kind: 'expanded'; readonly text: string; readonly names: readonly string[] }
  /** At least one variable has no value. */
  | { readonly kind: 'missing'; readonly names: readonly string[] }

export type Lookup = (name: string) => string | undefined

const wholeValuePrefix = 'os.environ/'
const variableName = /^[A-Za-z_][A-Za-z0-9_.-]*$/

/**
 * Expands `os.environ/NAME` (the whole value, as LiteLLM has it) and `${NAME}`, `${NAME:-default}` anywhere in the text
 * (ours, as Docker Compose has it). `$${` stands for a literal `${`. An empty variable counts as unset, because Compose
 * passes the unset ones as empty text. The value of a variable is never expanded again.
 */
export function expandText(text: string, lookup: Lookup): ExpandedText {
  if (text.startsWith(wholeValuePrefix)) {
    const name = text.slice(wholeValuePrefix.length).trim()
    const value = variableName.test(name) ? present(lookup(name)) : undefined
    return value === undefined ? { kind: 'missing', names: [name] } : { kind: 'expanded', text: value, names: [name] }
  }
  if (!text.includes('${')) return { kind: 'literal', text }
  return expandBraces(text, lookup)
}

function expandBraces(text: string, lookup: Lookup): ExpandedText {
  const names: string[] = []
  const missing: string[] = []
  const expanded = text.replaceAll(
    /(?<escape>\$)?\$\{(?<name>[A-Za-z_][A-Za-z0-9_]*)(?:(?<dash>:?-)(?<fallback>[^}]{0,2000}))?\}/g,
    (...parts) => {
      const groups = parts.at(-1) as { escape?: string; name: string; dash?: string; fallback?: string }
      if (groups.escape !== undefined) return parts[0].slice(1)
      names.push(groups.name)
      const value = present(lookup(groups.name))
      if (value !== undefined) return value
      if (groups.dash === undefined) missing.push(groups.name)
      return groups.fallback ?? ''
    },
  )
  if (missing.length > 0) return { kind: 'missing', names: [...new Set(missing)] }
  if (names.length === 0) return { kind: 'literal', text: expanded }
  return { kind: 'expanded', text: expanded, names: [...new Set(names)] }
}

function present(value: string | undefined): string | undefined {
  return value === undefined || value.trim() === '' ? undefined : value
}
