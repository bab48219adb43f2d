import { isJsonObject, type JsonValue } from '../../model/json.ts'
import { ConnectionFieldSchemas } from '../schema/deployment-params.ts'
import { PriceFieldSchemas } from '../schema/price-fields.ts'
import { type CompileContext, locate } from './compile-context.ts'

/** Fields that carry the request itself: a file cannot set them. */
const ownFields = new Set(['model', 'messages', 'stream', 'stream_options', 'input', 'prompt'])
const connectionFields = new Set([...Object.keys(ConnectionFieldSchemas), ...Object.keys(PriceFieldSchemas)])

/**
 * The request fields among the parameters of a deployment or tier: everything that is neither connection nor price nor
 * routing. `extra_body` is spread; where both name a field, `extra_body` wins, as in LiteLLM.
 */
export function compileRequestDefaults(
  params: Readonly<Record<string, unknown>>,
  context: CompileContext,
): Record<string, JsonValue> {
  const { extra_body: extraBody, ...plain } = params
  const fields = Object.entries(plain).filter(([name]) => !connectionFields.has(name))
  const extra = isJsonObject(extraBody) ? Object.entries(extraBody) : []
  const defaults: Record<string, JsonValue> = {}
  for (const [name, value] of [...fields, ...extra]) {
    if (value === undefined) continue
    if (ownFields.has(name)) {
      context.problems.warning({
        ...locate(context, params, Object.hasOwn(plain, name) ? name : 'extra_body'),
        message: `${name} belongs to each request and cannot be set here: it is left out`,
      })
    } else {
      Object.defineProperty(defaults, name, { value, enumerable: true, configurable: true, writable: true })
    }
  }
  return defaults
}
