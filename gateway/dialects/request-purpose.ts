import { isJsonObject, type JsonObject, type JsonValue } from '../model/json.ts'
import type { RequestFacts } from '../model/request-facts.ts'

interface Reading {
  readonly systemText: string
  readonly toolCount: number
}

/**
 * What an agent wants a request for, where it shows: opencode asks for a title in its system message, Claude Code and
 * Codex by a schema with a title in it and nothing else. None of them gives such a request a tool.
 */
export function purposeOf(body: JsonObject, { systemText, toolCount }: Reading): Pick<RequestFacts, 'purpose'> {
  if (toolCount > 0) return {}
  return systemText.startsWith('You are a title generator') || wantsTitleOnly(body) ? { purpose: 'title' } : {}
}

function wantsTitleOnly(body: JsonObject): boolean {
  const formats = [partOf(body.output_config, 'format'), partOf(body.text, 'format')]
  return formats.some((format) => {
    const properties = partOf(partOf(format, 'schema'), 'properties')
    return isJsonObject(properties) && Object.keys(properties).join() === 'title'
  })
}

function partOf(value: JsonValue | undefined, key: string): JsonValue | undefined {
  return isJsonObject(value) ? value[key] : undefined
}
