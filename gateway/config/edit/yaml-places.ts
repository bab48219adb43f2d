import { isAlias, isCollection, isMap, isScalar, isSeq, type Node, type Pair, parseDocument, type YAMLMap } from 'yaml'
import { type EditPath, EditRefusedError } from './yaml-edit.ts'

/** The value at a path, or how far the path leads: `rest` holds the steps that nothing stands at yet. */
export interface Found {
  readonly node: Node | undefined
  /** From the root down to the node, without it. */
  readonly parents: readonly Node[]
  readonly rest: EditPath
}

/** Parses for editing. @throws EditRefusedError when the text is no YAML or not a block at its root */
export function parseForEdit(text: string): Node | undefined {
  const document = parseDocument(text, { uniqueKeys: false, prettyErrors: false, logLevel: 'silent' })
  if (document.errors.length > 0) throw new EditRefusedError([], 'has syntax errors; mend them by hand first')
  const root = document.contents
  if (root === null || (isScalar(root) && root.value === null)) return undefined
  if (!isMap(root)) throw new EditRefusedError([], 'is not a block of keys; edit it by hand')
  return root
}

/** Follows a path. @throws EditRefusedError at an alias or merge key (the edit would change other places too), and at a step into a value that has no parts */
export function follow(root: Node | undefined, path: EditPath): Found {
  const parents: Node[] = []
  let node = root
  for (const [depth, step] of path.entries()) {
    if (node === undefined) return { node, parents, rest: path.slice(depth) }
    const next = childOf(node, step, path.slice(0, depth + 1))
    if (next === undefined && isEmptyScalar(node)) return { node, parents, rest: path.slice(depth) }
    parents.push(node)
    if (next === undefined) return { node: undefined, parents, rest: path.slice(depth) }
    node = next
  }
  return { node, parents, rest: [] }
}

function childOf(node: Node, step: string | number, path: EditPath): Node | undefined {
  if (isMap(node) && typeof step === 'string') {
    const pair = pairOf(node, step)
    if (pair === undefined) refuseMerged(node, step, path)
    return checked(pair?.value as Node | null | undefined, path)
  }
  if (isSeq(node) && typeof step === 'number') {
    if (step < 0 || step >= node.items.length)
      throw new EditRefusedError(path, `is not there: ${node.items.length} entries`)
    return checked(node.items[step] as Node, path)
  }
  if (isEmptyScalar(node) && typeof step === 'string') return undefined
  throw new EditRefusedError(
    path,
    `does not exist: what is above it is no ${typeof step === 'string' ? 'block' : 'list'}`,
  )
}

function checked(node: Node | null | undefined, path: EditPath): Node | undefined {
  if (isAlias(node) || node?.tag?.startsWith('!') === true || (isScalar(node) && node.anchor !== undefined)) {
    throw new EditRefusedError(path, 'stands behind an anchor, alias or tag; edit the file by hand')
  }
  return node ?? undefined
}

/** A key that comes in through `<<` has no bytes of its own here. */
function refuseMerged(map: YAMLMap, key: string, path: EditPath): void {
  const merged = map.items.some((pair) => isScalar(pair.key) && pair.key.value === '<<')
  if (merged) throw new EditRefusedError(path, `may come from a merged block (<<) as ${key}; edit the file by hand`)
}

/** The last pair of that key: with a repeated key the last one holds. */
export function pairOf(map: YAMLMap, key: string): Pair | undefined {
  return map.items.findLast((pair) => isScalar(pair.key) && String(pair.key.value) === key)
}

/** `key:` with nothing behind it, or `null`. */
export function isEmptyScalar(node: Node | undefined): boolean {
  return isScalar(node) && node.value === null
}

export function isFlow(node: Node): boolean {
  return isCollection(node) && node.flow === true
}

/** Where the last part of a path that is there begins, as an offset: its key, or the item of a list; 0 = nothing of it is there. */
export function offsetOf(root: Node | undefined, path: EditPath): number {
  let node: Node | undefined = root
  let offset = 0
  for (const step of path) {
    const pair: Pair | undefined = isMap(node) && typeof step === 'string' ? pairOf(node, step) : undefined
    const item = isSeq(node) && typeof step === 'number' ? (node.items[step] as Node | undefined) : undefined
    const start = pair === undefined ? item : (pair.key as Node)
    if (start === undefined) return offset
    offset = start.range?.[0] ?? offset
    node = pair === undefined ? item : ((pair.value as Node | null) ?? undefined)
  }
  return offset
}

/** First and last character of a value, its trailing comment and blank lines not counted. */
export function spanOf(node: Node): { readonly start: number; readonly end: number } {
  const [start = 0, end = 0] = node.range ?? []
  return { start, end: isFlow(node) ? end : lastEnd(node, end) }
}

function lastEnd(node: Node, end: number): number {
  if (!isCollection(node) || isFlow(node)) return end
  const last = node.items.at(-1)
  if (last === undefined) return end
  const value = isMap(node) ? ((last as Pair).value ?? (last as Pair).key) : last
  return spanOf(value as Node).end
}
