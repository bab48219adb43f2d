import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts'
import { unsealState } from '../../model/sealed-state.ts'
import { placeholderSignature } from './write-parts.ts'

/** How a sealed value begins in base64, in which clients of this dialect carry it. */
const sealedStart = 'c2J4MS'

/** True when a body may hold state that the gateway sealed: looked for before anything is parsed. */
export function mayHoldSealedState(body: Buffer): boolean {
  return body.includes(sealedStart)
}

/**
 * Takes sealed state out of contents that otherwise pass through: an upstream of another wire made it, and this one would
 * refuse it as a corrupted signature. The first call of a turn gets the placeholder where the model wants one.
 */
export function withoutSealedState(contents: JsonValue, wantsSignatures: boolean): JsonValue {
  if (!Array.isArray(contents)) return contents
  return contents.map((content) => {
    if (!isJsonObject(content) || !Array.isArray(content.parts)) return content
    const parts = content.parts.map((part) => (isJsonObject(part) ? unsealed(part, wantsSignatures) : part))
    return { ...content, parts: parts.filter((part) => !isJsonObject(part) || !isHollow(part)) }
  })
}

function unsealed(part: JsonObject, wantsSignatures: boolean): JsonObject {
  const key = ['thoughtSignature', 'thought_signature'].find((name) => isSealed(part[name]))
  if (key === undefined) return part
  const { [key]: _sealed, ...rest } = part
  const isCall = rest.functionCall !== undefined || rest.function_call !== undefined
  return isCall && wantsSignatures ? { ...rest, [key]: placeholderSignature } : rest
}

function isSealed(value: JsonValue | undefined): boolean {
  if (typeof value !== 'string' || !value.startsWith(sealedStart)) return false
  return unsealState(Buffer.from(value, 'base64').toString('utf8')) !== undefined
}

/** An empty text that was only there to carry state. */
function isHollow(part: JsonObject): boolean {
  return part.text === '' && Object.keys(part).every((key) => key === 'text' || key === 'thought')
}
