import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts'

/**
 * Defaults of a deployment are written in the words of chat completions as a rule: those that are called otherwise here
 * get their names. Nested ones are merged under what the request says.
 */
export function responsesDefaults(defaults: Readonly<Record<string, JsonValue>>): JsonObject {
  const fields: JsonObject = {}
  for (const [field, value] of Object.entries(defaults)) {
    if (field === 'max_tokens' || field === 'max_completion_tokens') fields.max_output_tokens ??= value
    else if (field === 'reasoning_effort') fields.reasoning = { ...objectOf(fields.reasoning), effort: value }
    else if (field === 'verbosity') fields.text = { ...objectOf(fields.text), verbosity: value }
    else fields[field] = value
  }
  return fields
}

/** The default under what the request says: objects are filled up, anything else of the request wins. */
export function withDefault(said: JsonValue | undefined, byDefault: JsonValue): JsonValue {
  if (said === undefined || said === null) return byDefault
  return isJsonObject(said) && isJsonObject(byDefault) ? { ...byDefault, ...said } : said
}

function objectOf(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {}
}
