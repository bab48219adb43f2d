/**
 * What each `*` of a pattern stands for in a name; undefined when the name does not match. `*` is any text, and both ends
 * must fit. The leftmost star takes as little as it can.
 */
export function matchWildcard(pattern: string, name: string): readonly string[] | undefined {
  const parts = pattern.split('*')
  const [first = '', ...rest] = parts
  if (rest.length === 0) return pattern === name ? [] : undefined
  if (!name.startsWith(first)) return undefined
  const captures: string[] = []
  let position = first.length
  for (const [index, part] of rest.entries()) {
    const isLast = index === rest.length - 1
    const found = isLast ? lastPlace(name, part, position) : name.indexOf(part, position)
    if (found === -1) return undefined
    captures.push(name.slice(position, found))
    position = found + part.length
  }
  return captures
}

function lastPlace(name: string, part: string, from: number): number {
  const place = name.length - part.length
  return place >= from && name.endsWith(part) ? place : -1
}

/** A target with its stars filled in; the whole `name` when there is more to fill in than it has stars. */
export function fillWildcard(target: string, captures: readonly string[], name: string): string {
  const parts = target.split('*')
  if (parts.length === 1) return target
  if (captures.length > parts.length - 1) return name
  return parts.map((part, index) => (index === 0 ? part : (captures[index - 1] ?? '') + part)).join('')
}
