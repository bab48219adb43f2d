import type { Annotations } from '../schema/annotations.ts'
import type { SourceNode } from './source-tree.ts'

/** The parts of a schema that the reader looks at. */
export interface SchemaShape extends Annotations {
  readonly type?: string
  readonly properties?: Readonly<Record<string, SchemaShape>>
  readonly required?: readonly string[]
  readonly patternProperties?: Readonly<Record<string, SchemaShape>>
  readonly items?: SchemaShape
  readonly anyOf?: readonly SchemaShape[]
  readonly const?: string | number | boolean
  readonly minimum?: number
  readonly exclusiveMinimum?: number
  readonly maximum?: number
  readonly minLength?: number
}

export const hiddenValue = '[hidden]'

/** How provider and gateway keys begin, wherever they were put by mistake. */
const keyLike =
  /(?<![\w-])(?:sk-|sk_|gsk_|xai-|nvapi-|hf_|ghp_|github_pat_|AIza)(?=[-\w]*\d)[-\w]{12,}|(?<=Bearer\s+)\S+|(?<=\/\/)[^/\s"@]*@/g

/** The text with everything that looks like a key replaced: the last guard before a problem is shown. */
export function hideKeys(text: string): string {
  return text.replaceAll(keyLike, hiddenValue)
}

/** The value for `seen`: short, and never a secret. */
export function seenText(node: SourceNode, secret: boolean): string {
  if (node.kind !== 'scalar') return node.kind === 'list' ? 'a list' : 'a block'
  if (node.value === null) return 'nothing'
  const text = typeof node.value === 'string' ? node.value : node.text
  if (secret || hideKeys(text) !== text) return hiddenValue
  const line = text.replaceAll(/\s+/g, ' ')
  return line.length > 80 ? `${line.slice(0, 77)}...` : line
}

/** The value as a phrase in a sentence: `the text "0,25"`. */
export function seenPhrase(node: SourceNode, secret: boolean): string {
  const seen = seenText(node, secret)
  if (node.kind !== 'scalar' || node.value === null) return seen
  if (seen === hiddenValue)
    return `${typeof node.value === 'string' ? 'a text' : `a ${typeof node.value}`} ${hiddenValue}`
  if (typeof node.value === 'string') return `the text ${JSON.stringify(seen)}`
  return typeof node.value === 'number' ? `the number ${seen}` : seen
}

/** What a schema wants, as a phrase: `a number`, `one of off, loopback`. */
export function wantedPhrase(schema: SchemaShape): string {
  if (schema.anyOf !== undefined) return wantedOfUnion(schema.anyOf)
  if (schema.const !== undefined) return String(schema.const)
  if (schema.decimal === true) return 'a number'
  if (schema.patternProperties !== undefined || schema.type === 'object') return 'a block of keys'
  switch (schema.type) {
    case 'string':
      return 'text'
    case 'number':
      return `a number${range(schema)}`
    case 'integer':
      return `a whole number${range(schema)}`
    case 'boolean':
      return 'true or false'
    case 'array':
      return 'a list'
    default:
      return 'a value'
  }
}

function range(schema: SchemaShape): string {
  const low = schema.minimum !== undefined ? ` of ${schema.minimum} or more` : ''
  const above = schema.exclusiveMinimum !== undefined ? ` above ${schema.exclusiveMinimum}` : ''
  const high =
    schema.maximum === undefined ? '' : `${low === '' && above === '' ? '' : ' and'} at most ${schema.maximum}`
  return `${low}${above}${high}`
}

function wantedOfUnion(variants: readonly SchemaShape[]): string {
  const literals = variants.filter((variant) => variant.const !== undefined).map((variant) => String(variant.const))
  const others = variants.filter((variant) => variant.const === undefined).map(wantedPhrase)
  const listed = literals.length > 1 ? [`one of ${literals.join(', ')}`] : literals
  return [...new Set([...listed, ...others])].join(' or ')
}
