import type { ProviderCatalogue } from '../providers/catalogue.ts'
import type { ProblemDetails, ProblemList } from '../source/problem-list.ts'
import type { ValueReader } from '../source/read-value.ts'
import { entryOf } from '../source/source-tree.ts'
import type { Variables } from '../source/variables.ts'

/** What every step of compiling needs. */
export interface CompileContext {
  readonly problems: ProblemList
  readonly variables: Variables
  readonly reader: ValueReader
  readonly catalogue: ProviderCatalogue
}

/** Place and path of a key of an object that the reader returned; of the object when the key is not there. */
export function locate(context: CompileContext, owner: object, key?: string): Pick<ProblemDetails, 'place' | 'path'> {
  const node = context.reader.nodeOf(owner)
  if (node === undefined) return {}
  const entry = key === undefined ? undefined : entryOf(node, key)
  return entry === undefined
    ? { place: node.place, path: node.path }
    : { place: entry.node.place, path: entry.node.path }
}

/** Place and path of an item of a list that the reader returned; of the list when it was left out. */
export function locateItem(
  context: CompileContext,
  list: object,
  index: number,
): Pick<ProblemDetails, 'place' | 'path'> {
  const node = context.reader.nodeOf(list)
  const item = node?.kind === 'list' ? node.items[index] : undefined
  const found = item ?? node
  return found === undefined ? {} : { place: found.place, path: found.path }
}
