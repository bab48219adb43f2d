import type { JsonObject } from '../../model/json.ts'
import type { OutputFormat } from '../../model/model-request.ts'
import type { ModelTraits } from './model-traits.ts'
import { reduceSchema } from './reduce-schema.ts'

export interface FormatPlan {
  /** The field `output_config.format`. */
  readonly format: JsonObject | undefined
  /** Said at the end of the system text where the format cannot be enforced. */
  readonly instruction: string | undefined
  readonly warnings: readonly string[]
}

const onlyJson = 'Answer with one JSON object and nothing else: no text around it and no Markdown fence.'

/** How a wanted output format reaches this model: enforced, or as an instruction with a warning. */
export function planFormat(traits: ModelTraits, wanted: OutputFormat | undefined): FormatPlan {
  if (wanted === undefined || wanted.type === 'text') return { format: undefined, instruction: undefined, warnings: [] }
  if (wanted.type === 'json_object') {
    return {
      format: undefined,
      instruction: onlyJson,
      warnings: ['asked for JSON by an instruction: the provider has no JSON mode'],
    }
  }
  if (!traits.structuredOutput) return instruct(wanted.schema, 'the model has no structured output')
  const reading = reduceSchema(wanted.schema)
  if (reading.kind === 'inexpressible') return instruct(wanted.schema, reading.why)
  const warnings =
    reading.moved.length === 0
      ? []
      : [`the output schema is not enforced for ${reading.moved.join(', ')}: said in descriptions instead`]
  return { format: { type: 'json_schema', schema: reading.schema }, instruction: undefined, warnings }
}

function instruct(schema: JsonObject, why: string): FormatPlan {
  return {
    format: undefined,
    instruction: `${onlyJson} It must be valid under this JSON Schema:\n${JSON.stringify(schema)}`,
    warnings: [`asked for the output schema by an instruction: ${why}`],
  }
}
