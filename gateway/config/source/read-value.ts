import type { Static, TSchema } from 'typebox'
import type { JsonValue } from '../../model/json.ts'
import { hiddenValue, type SchemaShape, wantedPhrase } from './describe.ts'
import { nearestName } from './nearest-name.ts'
import type { ProblemList } from './problem-list.ts'
import { readOneOf, readScalar, type ScalarReading, wrong } from './read-scalar.ts'
import type { SourceEntry, SourceMap, SourceNode } from './source-tree.ts'
import type { Variables } from './variables.ts'

/** Reads trees against schemas and remembers where each object came from. */
export interface ValueReader {
  /**
   * The value that the schema describes, or undefined when it cannot be used; every reason is in the problem list.
   * An optional part that is wrong is left out of the value, an object without a required part is left out whole.
   */
  read<Schema extends TSchema>(
    schema: Schema,
    node: SourceNode | undefined,
    subject: string,
  ): Static<Schema> | undefined
  /** The node that an object or list returned by `read` was made from. */
  nodeOf(value: object): SourceNode | undefined
}

interface Context {
  readonly problems: ProblemList
  readonly variables: Variables
  readonly nodes: WeakMap<object, SourceNode>
}

interface Naming {
  readonly subject: string
  readonly secret: boolean
}

/** Names of keys whose value must never be guessed to be harmless. */
const secretName = /key|token|secret|password|credential|authorization/i

/** Makes a reader that reports to `problems` and takes references from `variables`. */
export function createValueReader(options: { problems: ProblemList; variables: Variables }): ValueReader {
  const context: Context = { ...options, nodes: new WeakMap() }
  return {
    read<Schema extends TSchema>(schema: Schema, node: SourceNode | undefined, subject: string) {
      if (node === undefined) return undefined
      return readNode(schema, node, { subject, secret: false }, context) as Static<Schema> | undefined
    },
    nodeOf: (value) => context.nodes.get(value),
  }
}

function readNode(schema: SchemaShape, node: SourceNode, naming: Naming, context: Context): unknown {
  const secret = naming.secret || schema.secret === true
  const reading: ScalarReading = { ...context, subject: naming.subject, secret }
  if (node.kind === 'scalar' && node.value === null) return undefined
  if (schema.anyOf !== undefined) return readUnion(schema, node, { ...naming, secret }, context)
  if (isAny(schema)) return readAny(node, context)
  if (schema.type === 'object') {
    return node.kind === 'map' ? readMap(schema, node, { ...naming, secret }, context) : wrong(schema, node, reading)
  }
  if (schema.type === 'array') return readList(schema, node, { ...naming, secret }, context)
  return node.kind === 'scalar' ? readScalar(schema, node, reading) : wrong(schema, node, reading)
}

function isAny(schema: SchemaShape): boolean {
  return schema.type === undefined && schema.const === undefined
}

function readUnion(schema: SchemaShape, node: SourceNode, naming: Naming, context: Context): unknown {
  const variants = schema.anyOf ?? []
  const reading: ScalarReading = { ...context, ...naming }
  if (node.kind === 'scalar' && variants.every((variant) => variant.const !== undefined)) {
    return readOneOf(variants, node, reading)
  }
  const fitting = variants.filter((variant) => kindOf(variant) === node.kind || isAny(variant))
  const exact = fitting.find((variant) => node.kind === 'scalar' && variant.type === scalarType(node.value))
  const chosen = exact ?? fitting[0]
  return chosen === undefined ? wrong(schema, node, reading) : readNode(chosen, node, naming, context)
}

function kindOf(schema: SchemaShape): SourceNode['kind'] {
  if (schema.type === 'object') return 'map'
  return schema.type === 'array' ? 'list' : 'scalar'
}

function scalarType(value: string | number | boolean | null): string {
  return typeof value
}

function readList(schema: SchemaShape, node: SourceNode, naming: Naming, context: Context): unknown {
  if (node.kind !== 'list') {
    const advice = node.kind === 'scalar' && !naming.secret ? 'Put it in [ ]' : ''
    return wrong(schema, node, { ...context, ...naming }, advice)
  }
  const items: unknown[] = []
  for (const [index, item] of node.items.entries()) {
    const value = readNode(schema.items ?? {}, item, { ...naming, subject: `${naming.subject}[${index}]` }, context)
    if (value !== undefined) items.push(value)
  }
  context.nodes.set(items, node)
  return items
}

function readMap(schema: SchemaShape, node: SourceMap, naming: Naming, context: Context): unknown {
  const entryShape = schema.patternProperties === undefined ? undefined : Object.values(schema.patternProperties)[0]
  const pairs: [string, unknown][] = []
  for (const entry of node.entries) {
    const known = entryShape ?? ownProperty(schema.properties, entry.key)
    const value =
      known === undefined ? readUnknownKey(schema, node, entry, context) : readEntry(known, entry, naming, context)
    if (value !== undefined) pairs.push([entry.key, value])
  }
  const result: Record<string, unknown> = Object.fromEntries(pairs)
  context.nodes.set(result, node)
  return hasRequired(schema, node, result, naming, context) ? result : undefined
}

function readEntry(schema: SchemaShape, entry: SourceEntry, naming: Naming, context: Context): unknown {
  const { key, node } = entry
  const remark = schema.unused ?? schema.handledElsewhere
  if (schema.quiet === true) return undefined
  if (remark !== undefined) {
    if (node.kind === 'scalar' && (node.value === null || node.value === false)) return undefined
    context.problems.once(schema.unused === undefined ? 'note' : 'warning', `unused ${key} ${remark}`, {
      place: entry.keyPlace,
      path: node.path,
      message: `${key}: ${remark}`,
    })
    return undefined
  }
  return readNode(schema, node, { subject: key, secret: naming.secret }, context)
}

function readUnknownKey(schema: SchemaShape, map: SourceMap, entry: SourceEntry, context: Context): unknown {
  const { key, node } = entry
  const policy = schema.unknownKeys ?? 'warn'
  // `x-` is where people keep anchors and remarks, as in Compose files.
  if (policy === 'unread' || key.startsWith('x-')) return undefined
  const taken = new Set(map.entries.map((other) => other.key))
  const nearest = nearestName(
    key,
    Object.keys(schema.properties ?? {}).filter((known) => !taken.has(known)),
  )
  const sent = policy === 'request' && nearest === undefined && !secretName.test(key)
  const consequence = sent ? 'it is sent to the provider as a request field' : 'it has no effect'
  const advice = nearest === undefined ? '' : `. Did you mean ${nearest}?`
  context.problems.once('warning', `unknown ${node.path.replaceAll(/\[\d+\]/g, '[]')}`, {
    place: entry.keyPlace,
    path: node.path,
    message: `${key} is not a known key: ${consequence}${advice}`,
    seen: key,
    wanted: nearest === undefined ? undefined : nearest,
    nearest,
  })
  return sent ? readAny(node, context) : undefined
}

/** Any JSON value, references expanded; a part whose variable is missing is left out. */
function readAny(node: SourceNode, context: Context): JsonValue | undefined {
  if (node.kind === 'list') {
    return node.items.map((item) => readAny(item, context)).filter((value) => value !== undefined)
  }
  if (node.kind === 'map') {
    const pairs = node.entries.map(({ key, node: value }) => [key, readAny(value, context)] as const)
    return Object.fromEntries(pairs.filter((pair): pair is [string, JsonValue] => pair[1] !== undefined))
  }
  if (typeof node.value !== 'string')
    return typeof node.value === 'number' && !Number.isFinite(node.value) ? undefined : node.value
  const expanded = context.variables.expand(node.value, node.place, node.path)
  return expanded.kind === 'missing' ? undefined : expanded.text
}

function hasRequired(
  schema: SchemaShape,
  node: SourceMap,
  result: Readonly<Record<string, unknown>>,
  naming: Naming,
  context: Context,
): boolean {
  const absent = (schema.required ?? []).filter((key) => !Object.hasOwn(result, key))
  for (const key of absent) {
    const entry = node.entries.find((candidate) => candidate.key === key)
    const empty = entry !== undefined && entry.node.kind === 'scalar' && entry.node.value === null
    // A value that is there and was refused has its own problem.
    if (entry !== undefined && !empty) continue
    const wanted = wantedPhrase(ownProperty(schema.properties, key) ?? {})
    context.problems.error({
      place: entry?.keyPlace ?? node.place,
      path: node.path,
      message:
        entry === undefined
          ? `${naming.subject} has no ${key}, must have ${wanted}`
          : `${key} is empty, must be ${wanted}`,
      seen: 'nothing',
      wanted: schema.properties?.[key]?.secret === true ? hiddenValue : wanted,
    })
  }
  return absent.length === 0
}

function ownProperty(properties: SchemaShape['properties'], key: string): SchemaShape | undefined {
  return properties !== undefined && Object.hasOwn(properties, key) ? properties[key] : undefined
}
