import type { Static, TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { GatewayError } from '../model/errors.ts'
import { readJsonBody } from './llm/read-json-body.ts'

/**
 * A reader of request bodies for a schema of the contract, compiled once.
 * @returns a function from the received bytes to the checked value; throws GatewayError `invalid_json`, `duplicate_key`,
 *   `missing_field`, `unsupported_field` or `invalid_field` naming the first field at fault, never its value
 */
export function bodyReaderFor<Schema extends TSchema>(schema: Schema): (body: unknown) => Static<Schema> {
  const validator = Compile(schema)
  return (body) => {
    const { json } = readJsonBody(body)
    if (validator.Check(json)) return json
    throw describe(validator.Errors(json))
  }
}

interface Problem {
  readonly keyword: string
  /** Where in the schema: complaints about one of several shapes begin with `#/anyOf/<its place>`. */
  readonly schemaPath: string
  readonly instancePath: string
  readonly message: string
  readonly params: object
}

function describe(all: readonly Problem[]): GatewayError {
  const problems = insideNullable(ofTheMeantShape(all))
  const unknown = unknownFields(problems)
  const missing = problems.find((problem) => problem.keyword === 'required')
  const wrong = problems.find((problem) => problem.keyword !== 'additionalProperties' && problem.keyword !== 'boolean')
  // Several shapes are allowed: only the sum of their complaints is true.
  if (problems.some((problem) => problem.keyword === 'anyOf')) return invalid(problems, 'anyOf')
  if (unknown.length > 0) {
    return new GatewayError('unsupported_field', `Not known here: ${unknown.join(', ')}.`, paramOf(unknown[0]))
  }
  if (missing !== undefined) {
    const names = namesIn(missing.params, 'requiredProperties')
    return new GatewayError('missing_field', `Missing: ${names.join(', ')}.`, paramOf(names[0]))
  }
  return invalid(problems, wrong?.keyword ?? '')
}

/** Told of all together, or one by one where the list of problems was cut before that. */
function unknownFields(problems: readonly Problem[]): readonly string[] {
  const summary = problems.find((problem) => problem.keyword === 'additionalProperties')
  if (summary !== undefined) return namesIn(summary.params, 'additionalProperties')
  const single = problems.filter((problem) => problem.keyword === 'boolean')
  return single.map((problem) => problem.instancePath.slice(1, 81))
}

/**
 * Where the body may have one of several shapes that a fixed word tells apart (`mode`), only the complaints about the
 * first one whose word it does not contradict; where it contradicts each, about the word.
 */
function ofTheMeantShape(problems: readonly Problem[]): readonly Problem[] {
  const byShape = Map.groupBy(problems, ({ schemaPath }) => /^#\/anyOf\/\d+/u.exec(schemaPath)?.[0] ?? '')
  byShape.delete('')
  if (byShape.size === 0) return problems
  return [...byShape.values()].find((own) => !own.some(isWrongWord)) ?? problems.filter(isWrongWord)
}

/** Where a value may be null or something, and is not null, only the complaints about that something. */
function insideNullable(problems: readonly Problem[]): readonly Problem[] {
  const places = problems
    .filter(({ keyword, params }) => keyword === 'type' && (params as { type?: unknown }).type === 'null')
    .map(({ instancePath }) => instancePath)
    .filter((place) => problems.some(({ keyword, instancePath }) => keyword === 'anyOf' && instancePath === place))
  if (places.length === 0) return problems
  const about = ({ keyword, instancePath }: Problem): boolean =>
    places.some(
      (place) =>
        instancePath.startsWith(`${place}/`) ||
        (instancePath === place && keyword !== 'anyOf' && keyword !== 'type' && keyword !== 'const'),
    )
  const inside = problems.filter(about)
  return inside.length > 0 ? inside : problems
}

function isWrongWord({ keyword, schemaPath }: Problem): boolean {
  return keyword === 'const' && /^#\/anyOf\/\d+\/properties\/[^/]+$/u.test(schemaPath)
}

function invalid(problems: readonly Problem[], keyword: string): GatewayError {
  const problem = problems.find((candidate) => candidate.keyword === keyword) ?? problems[0]
  const field = (problem?.instancePath ?? '').split('/').slice(1).join('.')
  const choices = problems
    .filter((candidate) => candidate.keyword === 'const' && candidate.instancePath === problem?.instancePath)
    .map((candidate) => JSON.stringify((candidate.params as { allowedValue?: unknown }).allowedValue))
  const wanted = choices.length > 0 ? `must be one of ${[...new Set(choices)].join(', ')}` : problem?.message
  return new GatewayError(
    'invalid_field',
    `${field === '' ? 'The body' : field} ${wanted ?? 'is not valid'}.`,
    paramOf(field),
  )
}

function namesIn(params: object, key: string): readonly string[] {
  const names = (params as Record<string, unknown>)[key]
  return Array.isArray(names) ? names.map((name) => String(name).slice(0, 80)) : []
}

function paramOf(name: string | undefined): { readonly param?: string } {
  return name === undefined || name === '' ? {} : { param: name }
}
