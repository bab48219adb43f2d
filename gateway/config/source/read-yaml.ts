import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, visit } from 'yaml'
import type { Alias, Document, Node, Scalar, YAMLMap, YAMLSeq } from 'yaml'
import type { ProblemDetails, ProblemList } from './problem-list.ts'
import { sentenceForSyntaxError } from './syntax-errors.ts'
import { pathOfKey, type Place, type SourceEntry, type SourceNode } from './source-tree.ts'

const largestFile = 4 * 1024 * 1024
const mostNodes = 200_000
const deepestNesting = 60
/** One slip makes the parser stumble many times; what follows the first ones is noise. */
const mostSyntaxErrors = 10

/** Raised inside this file when aliases unfold into more than a sensible file holds. */
class TooMuch extends Error {
  readonly place: Place
  constructor(message: string, place: Place) {
    super(message)
    this.place = place
  }
}

interface Unfolding {
  readonly targets: ReadonlyMap<Alias, Node>
  readonly lines: LineCounter
  readonly problems: ProblemList
  count: number
}

/**
 * Reads YAML (and so JSON) into a tree with places; aliases and merge keys are unfolded. Syntax errors and duplicate keys
 * go to `problems`; what could be read all the same is returned, so that later checks report in the same run. Undefined
 * when the file is empty or cannot be used at all. Never throws on any text.
 */
export function readYaml(text: string, problems: ProblemList): SourceNode | undefined {
  if (text.length > largestFile) {
    problems.error({ message: `The file is larger than ${largestFile / 1024 / 1024} MB and is not read.` })
    return undefined
  }
  if (text.includes('\0')) {
    problems.error({
      message: 'The file is not UTF-8 text (UTF-16 or binary). Save it as UTF-8.',
      wanted: 'UTF-8 text',
    })
    return undefined
  }
  const damaged = text.indexOf('\uFFFD')
  if (damaged !== -1) {
    const before = text.slice(0, damaged).split(/\r\n|\n|\r/)
    problems.warning({
      place: { line: before.length, column: (before.at(-1) ?? '').length + 1 },
      message: 'A character here is not UTF-8 and was lost. Save the file as UTF-8',
      wanted: 'UTF-8 text',
    })
  }
  const lines = new LineCounter()
  const document = parse(text.startsWith('\uFEFF') ? text.slice(1) : text, lines, problems)
  if (document === undefined) return undefined
  for (const error of document.errors.slice(0, mostSyntaxErrors)) reportSyntax(error, lines, problems)
  const unfolding: Unfolding = { targets: aliasTargets(document), lines, problems, count: 0 }
  try {
    return document.contents === null ? undefined : unfold(document.contents, '', 0, unfolding)
  } catch (error) {
    if (!(error instanceof TooMuch)) throw error
    problems.error({ place: error.place, message: error.message })
    return undefined
  }
}

function parse(text: string, lines: LineCounter, problems: ProblemList): Document | undefined {
  try {
    return parseDocument(text, {
      lineCounter: lines,
      merge: true,
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: 'error',
    })
  } catch (error) {
    // The parser recurses: nesting of some thousand levels ends its stack.
    if (!(error instanceof RangeError)) throw error
    problems.error({ message: `The file is nested deeper than ${deepestNesting} levels and is not read.` })
    return undefined
  }
}

function reportSyntax(
  error: { readonly code: string; readonly pos: readonly [number, number] },
  lines: LineCounter,
  problems: ProblemList,
): void {
  problems.error({ place: placeAt(error.pos[0], lines), message: sentenceForSyntaxError(error.code) })
}

function unfold(node: Node, path: string, depth: number, unfolding: Unfolding): SourceNode {
  const place = placeOf(node, unfolding.lines)
  unfolding.count += 1
  if (unfolding.count > mostNodes) {
    throw new TooMuch(
      `The file unfolds to more than ${mostNodes} values and is not read. Check its aliases (*name).`,
      place,
    )
  }
  if (depth > deepestNesting) {
    throw new TooMuch(`The file is nested deeper than ${deepestNesting} levels here and is not read.`, place)
  }
  if (isAlias(node)) {
    const target = unfolding.targets.get(node)
    if (target !== undefined) return unfold(target, path, depth + 1, unfolding)
    unfolding.problems.error({ place, path, message: `No &${node.source} stands above this *${node.source}.` })
    return emptyScalar(place, path)
  }
  if (isMap(node)) return { kind: 'map', place, path, entries: unfoldEntries(node, path, depth, unfolding) }
  if (isSeq(node)) return { kind: 'list', place, path, items: unfoldItems(node, path, depth, unfolding) }
  return isScalar(node) ? unfoldScalar(node, place, path) : emptyScalar(place, path)
}

/** Each alias with the node that its anchor names: the last one of that name above it. */
function aliasTargets(document: Document): Map<Alias, Node> {
  const anchors = new Map<string, Node>()
  const targets = new Map<Alias, Node>()
  visit(document, {
    Node(_key, node) {
      if (isAlias(node)) {
        const target = anchors.get(node.source)
        if (target !== undefined) targets.set(node, target)
      } else if (node.anchor !== undefined) {
        anchors.set(node.anchor, node)
      }
    },
  })
  return targets
}

function unfoldItems(list: YAMLSeq, path: string, depth: number, unfolding: Unfolding): SourceNode[] {
  const place = placeOf(list, unfolding.lines)
  return list.items.map((item, index) =>
    isNode(item) ? unfold(item, `${path}[${index}]`, depth + 1, unfolding) : emptyScalar(place, `${path}[${index}]`),
  )
}

function unfoldEntries(map: YAMLMap, path: string, depth: number, unfolding: Unfolding): SourceEntry[] {
  const written = new Map<string, SourceEntry>()
  const merged: SourceEntry[] = []
  for (const pair of map.items) {
    const keyNode = pair.key as Node
    const keyPlace = placeOf(keyNode, unfolding.lines)
    const valueNode = isNode(pair.value) ? pair.value : undefined
    if (isMergeKey(keyNode)) {
      if (valueNode !== undefined) merged.push(...mergedEntries(valueNode, path, depth, unfolding))
      continue
    }
    const key = keyText(keyNode)
    if (key === undefined) {
      unfolding.problems.error({
        place: keyPlace,
        path,
        message: 'A key must be one word or text, not a list or block.',
      })
      continue
    }
    const valuePath = pathOfKey(path, key)
    const node =
      valueNode === undefined ? emptyScalar(keyPlace, valuePath) : unfold(valueNode, valuePath, depth + 1, unfolding)
    const first = written.get(key)
    if (first === undefined) written.set(key, { key, keyPlace, node })
    else unfolding.problems.error(duplicateKey(key, keyPlace, valuePath, first.keyPlace.line))
  }
  // YAML merge: what is written wins over what is merged in, an earlier source over a later one.
  for (const entry of merged) {
    if (!written.has(entry.key)) written.set(entry.key, entry)
  }
  return [...written.values()]
}

function duplicateKey(key: string, place: Place, path: string, firstLine: number): ProblemDetails {
  return {
    place,
    path,
    seen: 'two',
    message: `${key} is there twice in the same block (first on line ${firstLine}). Keep one of the two.`,
    wanted: 'one',
  }
}

function mergedEntries(value: Node, path: string, depth: number, unfolding: Unfolding): readonly SourceEntry[] {
  const source = unfold(value, path, depth + 1, unfolding)
  if (source.kind === 'map') return source.entries
  if (source.kind === 'list') {
    const maps = unfoldedMaps(value, path, depth, unfolding)
    if (maps !== undefined) return maps.flatMap((map) => (map.kind === 'map' ? map.entries : []))
  }
  unfolding.problems.error({ place: source.place, path, message: '<< merges a block (or a list of blocks) only.' })
  return []
}

function unfoldedMaps(value: Node, path: string, depth: number, unfolding: Unfolding): SourceNode[] | undefined {
  const list = isAlias(value) ? unfolding.targets.get(value) : value
  if (!isSeq(list)) return undefined
  const maps = list.items.filter(isNode).map((item) => unfold(item, path, depth + 1, unfolding))
  return maps.every((map) => map.kind === 'map') ? maps : undefined
}

function unfoldScalar(node: Scalar, place: Place, path: string): SourceNode {
  const { value, source } = node
  const quoted = node.type !== undefined && node.type !== 'PLAIN'
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return { kind: 'scalar', value, text: source ?? String(value), quoted, place, path }
  }
  if (value === null || value === undefined) return emptyScalar(place, path)
  // Explicit tags (!!binary, !!timestamp) give objects: nothing in this file wants one, its text is as written.
  const text = source ?? ''
  return { kind: 'scalar', value: text, text, quoted: true, place, path }
}

function emptyScalar(place: Place, path: string): SourceNode {
  return { kind: 'scalar', value: null, text: '', quoted: false, place, path }
}

function isMergeKey(node: Node): boolean {
  return isScalar(node) && typeof node.value === 'symbol'
}

function keyText(node: Node): string | undefined {
  if (!isScalar(node)) return undefined
  return typeof node.value === 'string' ? node.value : (node.source ?? String(node.value))
}

function isNode(value: unknown): value is Node {
  return isScalar(value) || isMap(value) || isSeq(value) || isAlias(value)
}

function placeOf(node: Node | undefined, lines: LineCounter): Place {
  return placeAt(node?.range?.[0] ?? 0, lines)
}

function placeAt(offset: number, lines: LineCounter): Place {
  const { line, col } = lines.linePos(offset)
  return { line: Math.max(1, line), column: Math.max(1, col) }
}
