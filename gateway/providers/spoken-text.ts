/** Fields whose strings a model wrote, in one event of a stream, one pattern per wire. */
export const chatText = /"(?:content|reasoning_content|reasoning|refusal|arguments)"\s*:\s*"/g
export const messagesText = /"(?:text|thinking|partial_json)"\s*:\s*"/g
export const responsesText = /"delta"\s*:\s*"/g
/** The same in a complete answer of any wire. */
export const answerText =
  /"(?:content|reasoning_content|reasoning|refusal|arguments|text|thinking|partial_json)"\s*:\s*"/g

/**
 * Bytes of the strings that stand in some fields of a JSON text, as written there (escapes count as they are). For
 * estimates where no usage is reported. `text`: one character per byte; `fields`: matches up to a string's first quote. Pure.
 */
export function spokenBytes(text: string, fields: RegExp): number {
  let bytes = 0
  fields.lastIndex = 0
  while (fields.test(text)) {
    const start = fields.lastIndex
    const end = endOfString(text, start)
    bytes += end - start
    fields.lastIndex = end
  }
  return bytes
}

/** Where the quote stands that ends a string, or the text does. */
function endOfString(text: string, start: number): number {
  for (let at = start; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === 0x22) return at
    if (code === 0x5c) at += 1
  }
  return text.length
}
