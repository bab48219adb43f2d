import { type Node, type ParseError, parse, parseTree, printParseErrorCode } from 'jsonc-parser'
import type { JsonValue } from '../../model/json.ts'
import { type Format, lineEnd, unreadableAt, type ValuePath } from './format.ts'
import { afterComma, commentEnd, indentOf, indentUnit, removalOf } from './jsonc-places.ts'

const options = { allowTrailingComma: true, disallowComments: false, allowEmptyContent: true }

/** JSON with comments and trailing commas; strict JSON stays strict, since nothing is added that was not there. */
export const jsonc: Format = {
  parse(text) {
    read(text)
    return (parse(text, [], options) as JsonValue | undefined) ?? {}
  },
  set(text, path, value) {
    const root = read(text)
    if (root === undefined) return blankWith(text, path, value)
    return setIn(text, root, path, value)
  },
  remove(text, path) {
    const root = read(text)
    const node = root === undefined ? undefined : find(root, path)
    return node === undefined ? text : removalOf(text, node)
  },
}

function read(text: string): Node | undefined {
  const errors: ParseError[] = []
  const root = parseTree(text, errors, options)
  const [error] = errors
  if (error !== undefined) {
    throw unreadableAt(text, error.offset, `It is no JSON: ${describe(printParseErrorCode(error.error))}.`)
  }
  if (root !== undefined && root.type !== 'object' && root.type !== 'array') {
    throw unreadableAt(text, root.offset, 'It holds a single value where an object is wanted.')
  }
  return root
}

/** `CommaExpected` as `comma expected`. */
function describe(code: string): string {
  return code.replaceAll(/([a-z])([A-Z])/gu, '$1 $2').toLowerCase()
}

/** With a repeated key the last one holds, as in every JSON parser. */
export function child(node: Node, step: string | number): Node | undefined {
  if (typeof step === 'number') return node.type === 'array' ? node.children?.[step] : undefined
  if (node.type !== 'object') return undefined
  return node.children?.findLast((property) => property.children?.[0]?.value === step)?.children?.[1]
}

function find(root: Node, path: ValuePath): Node | undefined {
  return path.reduce<Node | undefined>((node, step) => (node === undefined ? undefined : child(node, step)), root)
}

function setIn(text: string, root: Node, path: ValuePath, value: JsonValue): string {
  let owner = root
  for (const [depth, step] of path.entries()) {
    const next = child(owner, step)
    if (next?.type === 'null' && depth + 1 < path.length) {
      const inner = nested(path.slice(depth + 1), value)
      return splice(text, next.offset, next.length, render(text, inner, indentOf(text, next.offset)))
    }
    if (next === undefined) return insert(text, owner, step, nested(path.slice(depth + 1), value))
    owner = next
  }
  return splice(text, owner.offset, owner.length, render(text, value, indentOf(text, owner.offset)))
}

function nested(path: ValuePath, value: JsonValue): JsonValue {
  return path.reduceRight<JsonValue>((inner, step) => (typeof step === 'number' ? [inner] : { [step]: inner }), value)
}

function insert(text: string, owner: Node, step: string | number, value: JsonValue): string {
  if (owner.type !== (typeof step === 'number' ? 'array' : 'object')) {
    throw unreadableAt(text, owner.offset, `There is no ${typeof step === 'number' ? 'list' : 'object'} here.`)
  }
  const key = typeof step === 'number' ? '' : `${JSON.stringify(step)}: `
  const outer = indentOf(text, owner.offset)
  const last = owner.children?.at(-1)
  const end = owner.offset + owner.length - 1
  if (last === undefined) return fillEmpty(text, owner, outer, (indent) => key + render(text, value, indent))
  const isOneLine = !text.slice(owner.offset, last.offset).includes('\n')
  const from = last.offset + last.length
  const comma = afterComma(text, from, end)
  if (isOneLine) {
    const at = comma ?? from
    return splice(text, at, 0, `${comma === undefined ? ',' : ''} ${key}${render(text, value, outer)}`)
  }
  const indent = indentOf(text, last.offset)
  const at = commentEnd(text, comma ?? from, end)
  const line = `${lineEnd(text)}${indent}${key}${render(text, value, indent)}${comma === undefined ? '' : ','}`
  const inserted = splice(text, at, 0, line)
  return comma === undefined ? splice(inserted, from, 0, ',') : inserted
}

/** Comments in an empty object stay in it. */
function fillEmpty(text: string, owner: Node, outer: string, body: (indent: string) => string): string {
  const end = owner.offset + owner.length - 1
  const inside = text.slice(owner.offset + 1, end)
  const indent = outer + indentUnit(text)
  const kept = inside.trim() === '' ? '' : inside.trimEnd()
  const filled = `${kept}${lineEnd(text)}${indent}${body(indent)}${lineEnd(text)}${outer}`
  return splice(text, owner.offset + 1, inside.length, filled)
}

/** A file with nothing in it, or comments only. */
function blankWith(text: string, path: ValuePath, value: JsonValue): string {
  const end = lineEnd(text)
  const above = text.trim() === '' ? '' : `${text.trimEnd()}${end}`
  return above + render(text, nested(path, value), '') + end
}

function render(text: string, value: JsonValue, indent: string): string {
  const lines = JSON.stringify(value, undefined, indentUnit(text)).split('\n')
  return lines.join(`${lineEnd(text)}${indent}`)
}

function splice(text: string, at: number, length: number, put: string): string {
  return text.slice(0, at) + put + text.slice(at + length)
}
