import { isDeepStrictEqual } from 'node:util'
import { isCollection, isMap, isScalar, isSeq, type Node, parse, type YAMLMap, type YAMLSeq } from 'yaml'
import type { JsonObject, JsonValue } from '../../model/json.ts'
import { renderEntry, renderInline, renderItem } from './render-yaml.ts'
import { removeEntry, removeValue } from './remove-value.ts'
import { afterLine, atEnd, lineBreak, lineStart, type Splice } from './text-lines.ts'
import { type EditPath, EditRefusedError, type YamlEdit } from './yaml-edit.ts'
import { follow, isEmptyScalar, isFlow, pairOf, parseForEdit, spanOf } from './yaml-places.ts'

/**
 * Makes changes in a YAML text so that only the characters of the values concerned are other ones: comments, spelling of
 * numbers, quotes, indentation and line ends of all the rest stay. A value that is set to what it is already keeps its spelling.
 *
 * @throws EditRefusedError when an edit cannot be made that way; nothing was changed then
 */
export function spliceYaml(text: string, edits: readonly YamlEdit[]): string {
  return edits.reduce((current, edit) => applyEdit(current, edit), text)
}

function applyEdit(text: string, edit: YamlEdit): string {
  const mark = text.startsWith('\uFEFF') ? '\uFEFF' : ''
  const body = text.slice(mark.length)
  const root = parseForEdit(body)
  const splices = splicesFor(body, root, edit)
  const next = splices
    .toSorted((left, right) => right.start - left.start)
    .reduce((current, { start, end, text: put }) => current.slice(0, start) + put + current.slice(end), body)
  requireMeaning(body, next, edit)
  return mark + next
}

function splicesFor(text: string, root: Node | undefined, edit: YamlEdit): Splice[] {
  if (edit.path.length === 0) throw new EditRefusedError([], 'can be changed key by key only')
  if (edit.op === 'remove') return removeValue(text, root, edit.path)
  const { node, parents, rest } = follow(root, edit.path)
  if (edit.op === 'append') {
    if (node === undefined || rest.length > 0) return add(text, node, parents, rest, [edit.value])
    if (isEmptyScalar(node)) return fillEmpty(text, node, parents, [edit.value])
    if (!isSeq(node)) throw new EditRefusedError(edit.path, 'is no list, so nothing can be appended')
    return openEmptyList(text, node, parents, edit.value) ?? appendItem(text, node, edit.value)
  }
  if (node === undefined || rest.length > 0) return add(text, node, parents, rest, edit.value)
  return replace(text, node, edit.value, edit.path)
}

/** A value in place of another. Blocks are compared key by key, so that what is the same is not touched. */
function replace(text: string, node: Node, value: JsonValue, path: EditPath): Splice[] {
  if (isDeepStrictEqual(toPlain(node), value)) return []
  if (isMap(node) && isObject(value)) return mergeMap(text, node, value, path)
  const { start, end } = spanOf(node)
  if (isCollection(node) && !isFlow(node)) {
    if (isObject(value) || Array.isArray(value)) {
      const column = start - lineStart(text, start)
      const lines = Array.isArray(value)
        ? value.flatMap((item) => renderItem(item, column))
        : Object.entries(value).flatMap(([key, entry]) => renderEntry(key, entry, column))
      if (lines.length > 0) return [{ start, end, text: lines.join(lineBreak(text)).trimStart() }]
    }
    return [{ start, end, text: renderInline(value) + (text[end - 1] === '\n' ? lineBreak(text) : '') }]
  }
  if (isScalar(node) && node.type?.startsWith('BLOCK_') === true) {
    return [{ start, end, text: renderInline(value) + (text[end - 1] === '\n' ? lineBreak(text) : '') }]
  }
  // `key:` needs a blank before its first value.
  const gap = start === end && text[start - 1] === ':' ? ' ' : ''
  return [{ start, end, text: gap + renderInline(value) }]
}

function mergeMap(text: string, map: YAMLMap, value: JsonObject, path: EditPath): Splice[] {
  const gone = map.items.flatMap(({ key }) => {
    const name = isScalar(key) ? String(key.value) : undefined
    if (name === undefined || name === '<<') throw new EditRefusedError(path, 'has keys that only a hand can edit')
    return Object.hasOwn(value, name) ? [] : [name]
  })
  const fresh = Object.keys(value).filter((key) => pairOf(map, key) === undefined)
  if (gone.length > 0 && gone.length + fresh.length > 0 && gone.length === map.items.length) {
    throw new EditRefusedError(path, 'would lose all of its keys; change them one by one')
  }
  const changed = Object.entries(value).flatMap(([key, entry]) => {
    const child = pairOf(map, key)?.value as Node | null | undefined
    return child === undefined || child === null ? [] : replace(text, child, entry, [...path, key])
  })
  const removed = gone.flatMap((key) => removeEntry(text, map, key))
  const added =
    fresh.length === 0
      ? []
      : insertEntries(
          text,
          map,
          fresh.map((key) => [key, value[key] ?? null] as const),
        )
  return [...changed, ...removed, ...added]
}

/** Writes what is not there yet: `rest` are the keys from the last existing block down. */
function add(
  text: string,
  node: Node | undefined,
  parents: readonly Node[],
  rest: EditPath,
  value: JsonValue,
): Splice[] {
  const [key, ...deeper] = rest
  const nested = deeper.reduceRight<JsonValue>((inner, step) => ({ [stepKey(step, rest)]: inner }), value)
  if (node !== undefined && key !== undefined && isEmptyScalar(node)) {
    return fillEmpty(text, node, parents, { [stepKey(key, rest)]: nested })
  }
  const parent = parents.at(-1)
  if (parent === undefined) return [atEnd(text, renderEntry(stepKey(key, rest), nested, 0))]
  if (!isMap(parent)) throw new EditRefusedError(rest, 'is not there and cannot be added')
  return insertEntries(text, parent, [[stepKey(key, rest), nested]])
}

function stepKey(step: string | number | undefined, path: EditPath): string {
  if (typeof step === 'string') return step
  throw new EditRefusedError(path, 'is no key of a block')
}

/** `key:` without a value gets its first block, or its first list. */
function fillEmpty(text: string, node: Node, parents: readonly Node[], value: JsonObject | JsonValue[]): Splice[] {
  const parent = parents.at(-1)
  const { start, end } = spanOf(node)
  if (parent === undefined || isFlow(parent)) return [{ start, end, text: ` ${renderInline(value)}` }]
  const indent = spanOf(parent).start - lineStart(text, spanOf(parent).start) + 2
  const lines = Array.isArray(value)
    ? value.flatMap((item) => renderItem(item, indent))
    : Object.entries(value).flatMap(([key, entry]) => renderEntry(key, entry, indent))
  return [{ start, end, text: '' }, afterLine(text, end, lines)]
}

function insertEntries(text: string, map: YAMLMap, entries: readonly (readonly [string, JsonValue])[]): Splice[] {
  const { start, end } = spanOf(map)
  if (isFlow(map)) {
    const body = entries.map(([key, value]) => renderInline({ [key]: value }).slice(1, -1)).join(', ')
    return [insertFlow(map, body)]
  }
  const column = start - lineStart(text, start)
  const lines = entries.flatMap(([key, value]) => renderEntry(key, value, column))
  // Comments at the end of the file are about what stands above them.
  return [column === 0 ? atEnd(text, lines) : afterLine(text, end, lines)]
}

function appendItem(text: string, list: YAMLSeq, value: JsonValue): Splice[] {
  const { start, end } = spanOf(list)
  if (isFlow(list)) return [insertFlow(list, renderInline(value))]
  return [afterLine(text, end, renderItem(value, start - lineStart(text, start)))]
}

/** `[]` in a block stands for "none yet": its first entry gets lines of its own. Undefined where there is more to it. */
function openEmptyList(text: string, list: YAMLSeq, parents: readonly Node[], value: JsonValue): Splice[] | undefined {
  const parent = parents.findLast((ancestor) => ancestor !== list)
  const { start, end } = spanOf(list)
  if (parent === undefined || !isMap(parent) || isFlow(parent) || text.slice(start, end) !== '[]') return undefined
  const blanksBefore = /[ \t]*$/u.exec(text.slice(0, start))?.[0].length ?? 0
  const isLineEnd = /^[ \t]*(?:\r?\n|$)/u.test(text.slice(end))
  const indent = spanOf(parent).start - lineStart(text, spanOf(parent).start) + 2
  return [
    { start: isLineEnd ? start - blanksBefore : start, end, text: '' },
    afterLine(text, end, renderItem(value, indent)),
  ]
}

/** Before the closing bracket, behind a comma where there are entries. */
function insertFlow(node: YAMLMap | YAMLSeq, body: string): Splice {
  const close = spanOf(node).end - 1
  const last = node.items.at(-1)
  if (last === undefined) return { start: close, end: close, text: body }
  const value = isMap(node) ? (node.items.at(-1)?.value ?? node.items.at(-1)?.key) : (last as Node)
  const at = spanOf(value as Node).end
  return { start: at, end: at, text: `, ${body}` }
}

function toPlain(node: Node): unknown {
  return node.toJSON()
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The safety net: read again, the text must mean the old content with this change and nothing else. */
function requireMeaning(before: string, after: string, edit: YamlEdit): void {
  const wanted = contentAfter(readPlain(before), edit)
  if (!isDeepStrictEqual(readPlain(after), wanted)) {
    throw new EditRefusedError(edit.path, 'cannot be changed without touching what is around it; edit the file by hand')
  }
}

function readPlain(text: string): unknown {
  try {
    return parse(text, { uniqueKeys: false, merge: true, logLevel: 'silent' }) ?? {}
  } catch {
    return undefined
  }
}

function contentAfter(content: unknown, edit: YamlEdit): unknown {
  const copy: unknown = structuredClone(content)
  const last = edit.path.at(-1)
  let owner = copy as object
  for (const step of edit.path.slice(0, -1)) {
    const inner = ownValue(owner, step) ?? undefined
    if (edit.op === 'remove' && inner === undefined) return copy
    if (inner === undefined) putOwn(owner, step, {})
    owner = ownValue(owner, step) as object
  }
  if (last === undefined) return copy
  if (edit.op === 'set') putOwn(owner, last, edit.value)
  else if (edit.op === 'append') putOwn(owner, last, [...((ownValue(owner, last) ?? []) as unknown[]), edit.value])
  else if (Array.isArray(owner)) owner.splice(Number(last), 1)
  else Reflect.deleteProperty(owner, last)
  return copy
}

/** A path comes from outside: `__proto__` and `constructor` are keys like any other, and never lead out of the content. */
function ownValue(owner: object, key: string | number): unknown {
  return Object.getOwnPropertyDescriptor(owner, key)?.value
}

function putOwn(owner: object, key: string | number, value: unknown): void {
  Object.defineProperty(owner, key, { value, writable: true, enumerable: true, configurable: true })
}
