import { readFileSync } from 'node:fs'
import { type Static, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { readPlainYaml } from '../edit/read-plain-yaml.ts'
import { resourcePath } from '../package-root.ts'

const TraitsSchema = Type.Object(
  {
    context: Type.Integer({ minimum: 1 }),
    input: Type.Optional(Type.Integer({ minimum: 1 })),
    output: Type.Integer({ minimum: 1 }),
    reads: Type.Array(
      Type.Union([
        Type.Literal('text'),
        Type.Literal('image'),
        Type.Literal('audio'),
        Type.Literal('video'),
        Type.Literal('pdf'),
      ]),
    ),
    reasoning: Type.Optional(Type.Boolean()),
    efforts: Type.Optional(Type.Array(Type.String())),
  },
  { additionalProperties: false },
)

/** What a model can do, as its provider says. Limits in tokens. */
export type ModelTraits = Static<typeof TraitsSchema>

const validator = Compile(Type.Object({ models: Type.Record(Type.String(), TraitsSchema) }))

/** Traits by model id; undefined = not known. */
export type TraitsLookup = (modelId: string) => ModelTraits | undefined

/**
 * Reads `resources/models.yaml`. The lookup takes the id as a provider writes it, in any case: as a whole first, then
 * without what a host puts before a slash, then without a date at its end. Throws when the file is broken: it is ours.
 */
export function readModelTraits(path: string = resourcePath('models.yaml')): TraitsLookup {
  const { value, problem } = readPlainYaml(readFileSync(path, 'utf8'))
  if (problem !== undefined || !validator.Check(value)) {
    throw new Error(`The list of models is broken: ${path}:${problem?.line ?? 1} ${problem?.message ?? 'wrong shape'}`)
  }
  const known = new Map(Object.entries(value.models))
  return (modelId) => {
    const id = modelId.toLowerCase()
    const bare = id.slice(id.lastIndexOf('/') + 1)
    return known.get(id) ?? known.get(bare) ?? known.get(bare.replace(/-(?:\d{8}|\d{4}-\d{2}-\d{2})$/u, ''))
  }
}
