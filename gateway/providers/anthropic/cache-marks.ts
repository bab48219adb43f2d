import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts'

/** As many marks as the API takes in one request. */
const mostMarks = 4

/** Blocks that may carry no mark. */
const unmarkable = new Set<JsonValue | undefined>(['thinking', 'redacted_thinking'])

/**
 * Takes out cache marks that the API would refuse, in the order tools, system, messages in which it reads them: beyond
 * four the first one and the last three stay (the stable head, and the growing end). A long-lived mark after a
 * short-lived one becomes short-lived. Edits the blocks. Gives the number taken out.
 */
export function limitCacheMarks(body: JsonObject): number {
  const marked = markedBlocks(body)
  const barred = marked.filter((block) => unmarkable.has(block.type))
  for (const block of barred) delete block.cache_control
  const valid = marked.filter((block) => !unmarkable.has(block.type))
  // A mark of the request itself (automatic caching) counts as one.
  const room = mostMarks - (isJsonObject(body.cache_control) ? 1 : 0)
  const surplus = valid.length > room ? valid.slice(1, valid.length - room + 1) : []
  for (const block of surplus) delete block.cache_control
  shortenAfterShort(valid.filter((block) => !surplus.includes(block)))
  return surplus.length + barred.length
}

function shortenAfterShort(blocks: readonly JsonObject[]): void {
  let shortSeen = false
  for (const block of blocks) {
    const mark = block.cache_control
    if (!isJsonObject(mark)) continue
    if (shortSeen && mark.ttl === '1h') block.cache_control = { ...mark, ttl: '5m' }
    else if (mark.ttl !== '1h') shortSeen = true
  }
}

function markedBlocks(body: JsonObject): JsonObject[] {
  const messages = objects(body.messages).flatMap((message) => objects(message.content))
  const inside = messages.flatMap((block) => [...objects(block.content), block])
  return [...objects(body.tools), ...objects(body.system), ...inside].filter((block) =>
    isJsonObject(block.cache_control),
  )
}

function objects(value: JsonValue | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter((entry) => isJsonObject(entry)) : []
}
