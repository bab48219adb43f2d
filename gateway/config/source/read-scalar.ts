import { nearestName } from './nearest-name.ts'
import { type SchemaShape, seenPhrase, seenText, wantedPhrase } from './describe.ts'
import type { ProblemList } from './problem-list.ts'
import type { SourceNode, SourceScalar } from './source-tree.ts'
import type { Variables } from './variables.ts'

export interface ScalarReading {
  readonly problems: ProblemList
  readonly variables: Variables
  /** The last word of the path: how a sentence names the value. */
  readonly subject: string
  readonly secret: boolean
}

const numberText = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/
const decimalText = /^\+?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?$/
const booleanWords: Readonly<Record<string, boolean>> = {
  true: true,
  yes: true,
  on: true,
  false: false,
  no: false,
  off: false,
}

/** A scalar after its references: text of a variable is coerced without a word, since it can only be text. */
type Resolved = { readonly value: string | number | boolean; readonly fromVariable: string | undefined }

/**
 * Reads one scalar as the schema wants it. Text that is clearly the wanted number or switch is taken with a warning, as
 * LiteLLM does; anything else is an error. Undefined when there is nothing to use; a missing variable was reported.
 */
export function readScalar(
  schema: SchemaShape,
  node: SourceScalar,
  reading: ScalarReading,
): string | number | boolean | undefined {
  const resolved = resolve(node, schema, reading)
  if (resolved === undefined) return undefined
  if (schema.const !== undefined) return readLiteral([schema], node, resolved, reading)
  if (schema.decimal === true) return readDecimal(schema, node, resolved, reading)
  switch (schema.type) {
    case 'number':
    case 'integer':
      return readNumber(schema, node, resolved, reading)
    case 'boolean':
      return readBoolean(schema, node, resolved, reading)
    case 'string':
      return readText(schema, node, resolved, reading)
    default:
      return wrong(schema, node, reading)
  }
}

/** Reads one of several literals; an unknown word names the nearest. */
export function readOneOf(
  literals: readonly SchemaShape[],
  node: SourceScalar,
  reading: ScalarReading,
): string | number | boolean | undefined {
  const resolved = resolve(node, {}, reading)
  return resolved === undefined ? undefined : readLiteral(literals, node, resolved, reading)
}

/** Reports a value of the wrong kind. */
export function wrong(schema: SchemaShape, node: SourceNode, reading: ScalarReading, advice = ''): undefined {
  const wanted = wantedPhrase(schema)
  reading.problems.error({
    place: node.place,
    path: node.path,
    message: `${reading.subject} is ${seenPhrase(node, reading.secret)}, must be ${wanted}${advice === '' ? '' : `. ${advice}`}`,
    seen: seenText(node, reading.secret),
    wanted,
  })
  return undefined
}

function resolve(node: SourceScalar, schema: SchemaShape, { variables }: ScalarReading): Resolved | undefined {
  if (node.value === null) return undefined
  if (typeof node.value !== 'string' || schema.unresolved === true)
    return { value: node.value, fromVariable: undefined }
  const expanded = variables.expand(node.value, node.place, node.path)
  if (expanded.kind === 'missing') return undefined
  return { value: expanded.text, fromVariable: expanded.kind === 'expanded' ? expanded.names.join(', ') : undefined }
}

function readNumber(
  schema: SchemaShape,
  node: SourceScalar,
  resolved: Resolved,
  reading: ScalarReading,
): number | undefined {
  const { value, fromVariable } = resolved
  const text = typeof value === 'string' ? value.trim() : undefined
  const number = text !== undefined && numberText.test(text) ? Number(text) : value
  if (typeof number !== 'number' || !fits(schema, number)) {
    if (fromVariable !== undefined) return wrongVariable(schema, node, fromVariable, reading)
    return wrong(schema, node, reading, text === undefined ? '' : numberAdvice(schema, text))
  }
  if (text !== undefined && fromVariable === undefined) reportCoerced(node, `the number ${text}`, text, reading)
  return number
}

function fits(schema: SchemaShape, value: number): boolean {
  if (!Number.isFinite(value) || (schema.type === 'integer' && !Number.isSafeInteger(value))) return false
  if (schema.minimum !== undefined && value < schema.minimum) return false
  if (schema.exclusiveMinimum !== undefined && value <= schema.exclusiveMinimum) return false
  return schema.maximum === undefined || value <= schema.maximum
}

/** `0,25` is how half of Europe writes it; `1_000` and `1 000` are seen too. */
function numberAdvice(schema: SchemaShape, text: string): string {
  const repaired = /^[+-]?\d+,\d+$/.test(text) ? text.replace(',', '.') : text.replaceAll(/(?<=\d)[_\s'](?=\d{3})/g, '')
  return numberText.test(repaired) && fits(schema, Number(repaired)) ? `Write ${repaired}` : ''
}

function readDecimal(
  schema: SchemaShape,
  node: SourceScalar,
  resolved: Resolved,
  reading: ScalarReading,
): string | undefined {
  const written = resolved.fromVariable === undefined ? node.text : String(resolved.value)
  const text = written.trim()
  if (typeof resolved.value !== 'boolean' && decimalText.test(text) && Number.isFinite(Number(text)))
    return text.replace(/^\+/, '')
  if (resolved.fromVariable !== undefined) return wrongVariable(schema, node, resolved.fromVariable, reading)
  const negative = text.startsWith('-') && numberText.test(text)
  return wrong(schema, node, reading, negative ? 'A price cannot be below 0' : numberAdvice({ type: 'number' }, text))
}

function readBoolean(
  schema: SchemaShape,
  node: SourceScalar,
  resolved: Resolved,
  reading: ScalarReading,
): boolean | undefined {
  const { value, fromVariable } = resolved
  if (typeof value === 'boolean') return value
  const word = typeof value === 'string' ? value.trim().toLowerCase() : ''
  const known = booleanWords[word]
  if (known === undefined) {
    if (fromVariable !== undefined) return wrongVariable(schema, node, fromVariable, reading)
    return wrong(schema, node, reading, value === 1 ? 'Write true' : value === 0 ? 'Write false' : '')
  }
  // Plain yes, no, on and off are switches in the YAML that LiteLLM reads.
  if (node.quoted && fromVariable === undefined) reportCoerced(node, String(known), String(known), reading)
  return known
}

function readText(
  schema: SchemaShape,
  node: SourceScalar,
  resolved: Resolved,
  reading: ScalarReading,
): string | undefined {
  const text = typeof resolved.value === 'string' ? resolved.value : node.text
  if (typeof resolved.value !== 'string') {
    reading.problems.warning({
      place: node.place,
      path: node.path,
      message: `${reading.subject} is ${seenPhrase(node, reading.secret)}, read as text. Put it in quotes`,
      seen: seenText(node, reading.secret),
      wanted: 'text',
    })
  }
  if (schema.minLength === undefined || text.trim().length >= schema.minLength) return text
  return wrong({ const: 'text that is not empty' }, node, reading)
}

function readLiteral(
  literals: readonly SchemaShape[],
  node: SourceScalar,
  resolved: Resolved,
  reading: ScalarReading,
): string | number | boolean | undefined {
  const allowed = literals.map((literal) => literal.const)
  const word = resolved.value === true ? 'on' : resolved.value === false ? 'off' : resolved.value
  const found = allowed.find((value) => value === resolved.value || value === word)
  if (found !== undefined) return found
  const union: SchemaShape = literals.length === 1 ? (literals[0] ?? {}) : { anyOf: literals }
  if (resolved.fromVariable !== undefined) return wrongVariable(union, node, resolved.fromVariable, reading)
  const nearest = reading.secret ? undefined : nearestName(String(word), allowed.map(String))
  return wrong(union, node, reading, nearest === undefined ? '' : `Write ${nearest}`)
}

function wrongVariable(schema: SchemaShape, node: SourceScalar, variable: string, reading: ScalarReading): undefined {
  const wanted = wantedPhrase(schema)
  reading.problems.error({
    place: node.place,
    path: node.path,
    message: `${reading.subject} takes its value from ${variable}, which is set but is not ${wanted}`,
    seen: `the value of ${variable}`,
    wanted,
  })
  return undefined
}

function reportCoerced(node: SourceScalar, meaning: string, advice: string, reading: ScalarReading): void {
  reading.problems.warning({
    place: node.place,
    path: node.path,
    message: `${reading.subject} is ${seenPhrase(node, reading.secret)}, read as ${meaning}. Write ${advice} without quotes`,
    seen: seenText(node, reading.secret),
    wanted: meaning,
  })
}
