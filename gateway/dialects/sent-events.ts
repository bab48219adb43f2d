import { isJsonObject, type JsonObject } from '../model/json.ts'

/** The JSON objects of whole server-sent events, one data line each, as every upstream of ours writes them. */
export function sentEvents(sent: Buffer): JsonObject[] {
  return sent
    .toString('utf8')
    .split(/\r\n|\n|\r/)
    .flatMap((line) => {
      const value = line.startsWith('data:') ? parse(line.slice(5)) : undefined
      return isJsonObject(value) ? [value] : []
    })
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
