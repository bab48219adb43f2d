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
 * Expands `os.environ/NAME` (the whole value, as LiteLLM has it) and `${NAME}`, `${NAME:-default}`, `${NAME:?words}`
 * anywhere in the text (ours, as Docker Compose has it). `$${` stands for a literal `${`. An empty variable counts as unset, because Compose
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
  const expansion: Expansion = { lookup, names: new Set(), missing: new Set() }
  const expanded = expandPart(text, expansion)
  const { names, missing } = expansion
  if (missing.size > 0) return { kind: 'missing', names: [...missing] }
  if (names.size === 0) return { kind: 'literal', text: expanded }
  return { kind: 'expanded', text: expanded, names: [...names] }
}

interface Expansion {
  readonly lookup: Lookup
  readonly names: Set<string>
  readonly missing: Set<string>
}

function expandPart(text: string, expansion: Expansion): string {
  const pieces: string[] = []
  let position = 0
  for (let start = text.indexOf('${'); start !== -1; start = text.indexOf('${', position)) {
    const isEscaped = start > position && text[start - 1] === '$'
    const reference = isEscaped ? undefined : readReference(text, start)
    const end = reference?.end ?? start + '${'.length
    pieces.push(text.slice(position, isEscaped ? start - 1 : start))
    pieces.push(reference === undefined ? '${' : valueOf(reference, expansion))
    position = end
  }
  return pieces.join('') + text.slice(position)
}

interface BraceReference {
  readonly name: string
  /** Undefined = the variable is needed. */
  readonly fallback: string | undefined
  /** One past the closing brace. */
  readonly end: number
}

const longestFallback = 2000

/** The reference that opens at `start`: `${NAME}`, `${NAME:-default}` (which may hold references) or `${NAME:?words}`. */
function readReference(text: string, start: number): BraceReference | undefined {
  const opening = /\$\{(?<name>[A-Za-z_][A-Za-z0-9_]*)(?<sign>\}|:?[-?])/y
  opening.lastIndex = start
  const groups = opening.exec(text)?.groups as { name: string; sign: string } | undefined
  if (groups === undefined) return undefined
  const { name, sign } = groups
  if (sign === '}') return { name, fallback: undefined, end: opening.lastIndex }
  const closing = closingBrace(text, opening.lastIndex)
  if (closing === undefined) return undefined
  const fallback = sign.endsWith('-') ? text.slice(opening.lastIndex, closing) : undefined
  return { name, fallback, end: closing + 1 }
}

/** Where the brace closes that is open at `from`; a default longer than any sensible one has none. */
function closingBrace(text: string, from: number): number | undefined {
  let depth = 1
  for (let index = from; index < text.length && index <= from + longestFallback; index += 1) {
    if (text.startsWith('${', index)) depth += 1
    else if (text[index] === '}') depth -= 1
    if (depth === 0) return index
  }
  return undefined
}

function valueOf({ name, fallback }: BraceReference, expansion: Expansion): string {
  expansion.names.add(name)
  const value = present(expansion.lookup(name))
  if (value !== undefined) return value
  if (fallback !== undefined) return expandPart(fallback, expansion)
  expansion.missing.add(name)
  return ''
}

function present(value: string | undefined): string | undefined {
  return value === undefined || value.trim() === '' ? undefined : value
}
