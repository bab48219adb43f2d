import type { JsonObject } from '../../model/json.ts'
import type { Part, Turn } from '../../model/parts.ts'
import { requireList } from '../control-fields.ts'
import { isAbsent } from './field-checks.ts'
import { readBlocks, readMessage } from './read-blocks.ts'

/**
 * How Claude Code's first system block begins: build and prompt hash. It changes with each of them and would spoil the
 * prompt cache of any other provider.
 */
const attribution = 'x-anthropic-billing-header:'

/** The `system` field and the messages as turns, in order. Throws GatewayError 400 naming the field. */
export function readTurns(body: JsonObject, warn: (text: string) => void): readonly Turn[] {
  const messages = requireList(body, 'messages').map((entry, index): Turn => {
    const { role, message } = readMessage(entry, `messages.${index}`)
    return { role, parts: readBlocks(message.content, role, `messages.${index}.content`, warn) }
  })
  const system = isAbsent(body.system) ? [] : readBlocks(body.system, 'system', 'system', warn)
  const said = system.filter((part) => !isAttribution(part))
  return said.length === 0 ? messages : [{ role: 'system', parts: said }, ...messages]
}

function isAttribution(part: Part): boolean {
  return part.type === 'text' && part.text.startsWith(attribution)
}
