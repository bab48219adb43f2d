import { isMap, isScalar, isSeq, type Node, type YAMLMap, type YAMLSeq } from 'yaml'
import { lineAfter, lineStart, type Splice } from './text-lines.ts'
import { type EditPath, EditRefusedError } from './yaml-edit.ts'
import { follow, isFlow, spanOf } from './yaml-places.ts'

/** Takes a value out with its key, and with its lines where it has lines of its own. What is not there needs no change. */
export function removeValue(text: string, root: Node | undefined, path: EditPath): Splice[] {
  const { node, parents, rest } = follow(root, path)
  if (node === undefined || rest.length > 0) return []
  const parent = parents.at(-1)
  const step = path.at(-1)
  if (isMap(parent) && typeof step === 'string') return removeEntry(text, parent, step)
  if (isSeq(parent) && typeof step === 'number') return removeItem(text, parent, step)
  return []
}

/** Takes one key out of a block. */
export function removeEntry(text: string, map: YAMLMap, key: string): Splice[] {
  const index = map.items.findLastIndex((pair) => isScalar(pair.key) && String(pair.key.value) === key)
  const pair = map.items[index]
  if (pair === undefined) return []
  const start = spanOf(pair.key as Node).start
  const end = spanOf((pair.value ?? pair.key) as Node).end
  return removePart(text, map, index, start, end, '{}')
}

function removeItem(text: string, list: YAMLSeq, index: number): Splice[] {
  const item = list.items[index] as Node
  const { start, end } = spanOf(item)
  return removePart(text, list, index, isFlow(list) ? start : text.lastIndexOf('-', start - 1), end, '[]')
}

function removePart(
  text: string,
  owner: YAMLMap | YAMLSeq,
  index: number,
  start: number,
  end: number,
  empty: string,
): Splice[] {
  if (isFlow(owner)) return [flowPart(text, owner, index, start, end)]
  if (owner.items.length === 1) return [{ start, end: trimmedEnd(text, start, end), text: empty }]
  const first = lineStart(text, start)
  // The first key of a list's entry shares its line with the dash: the next key moves up to it.
  if (text.slice(first, start).trim() !== '') {
    const next = owner.items[index + 1]
    const at = isMap(owner) ? (next as { key: Node } | undefined)?.key : (next as Node | undefined)
    if (at === undefined) throw new EditRefusedError([], 'cannot lose this entry; edit it by hand')
    return [{ start, end: isMap(owner) ? spanOf(at).start : text.lastIndexOf('-', spanOf(at).start - 1), text: '' }]
  }
  return [{ start: first, end: lineAfter(text, end), text: '' }]
}

function trimmedEnd(text: string, start: number, end: number): number {
  return start + text.slice(start, end).trimEnd().length
}

function flowPart(text: string, owner: YAMLMap | YAMLSeq, index: number, start: number, end: number): Splice {
  const comma = text.indexOf(',', end)
  if (index < owner.items.length - 1) {
    const tail = /^\s*/.exec(text.slice(comma + 1))?.[0].length ?? 0
    return { start, end: comma + 1 + tail, text: '' }
  }
  const before = index === 0 ? start : text.lastIndexOf(',', start)
  return { start: before, end, text: '' }
}
