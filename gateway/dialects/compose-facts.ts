import type { Dialect } from '../model/dialect.ts'
import { newestUsableText } from '../model/reminder-blocks.ts'
import type { RequestFacts } from '../model/request-facts.ts'
import { readChanges, readEndUser, readFallbacks, readModel, readTags } from './control-fields.ts'
import type { Harness } from './harness.ts'
import { leastTokens } from './least-tokens.ts'
import { purposeOf } from './request-purpose.ts'
import { readControls } from './request-controls.ts'
import type { RequestSource } from './request-source.ts'

/** What only the dialect can know. */
export interface DialectReading {
  /** Texts of the user turns in the order of the conversation. */
  readonly userTexts: readonly string[]
  readonly systemText: string
  readonly toolCount: number
  readonly hasImages: boolean
  readonly maxOutputTokens: number | undefined
  /** True for a request that is no conversation: several inputs, each with the window to itself. */
  readonly isBatch?: boolean
}

/** Joins a dialect's reading with the fields that all dialects share. Throws GatewayError on a bad `model`, `fallbacks` or
 * field of the gateway's own (`readControls`). */
export function composeFacts(
  dialect: Dialect,
  source: RequestSource,
  harness: Harness,
  reading: DialectReading,
): RequestFacts {
  const { body, bodyBytes, url } = source
  const model = readModel(source)
  const chainChanges = readChanges(body, model)
  const userTurns = reading.userTexts.filter((text) => text.trim() !== '').toReversed()
  return {
    dialect,
    model,
    stream: url.stream ?? body.stream === true,
    userText: newestUsableText(userTurns, harness.removeReminders),
    userTurns,
    systemText: reading.systemText,
    bodyBytes,
    toolCount: reading.toolCount,
    ...purposeOf(body, reading),
    hasImages: reading.hasImages,
    maxOutputTokens: reading.maxOutputTokens,
    ...(reading.isBatch === true ? {} : { leastInputTokens: once(() => leastTokens(body)) }),
    requestFallbacks: readFallbacks(body, model),
    ...(chainChanges === undefined ? {} : { chainChanges }),
    tags: readTags(source),
    controls: readControls(source, model),
    endUser: readEndUser(body),
  }
}

/** Long texts take milliseconds to count, and a plan may ask for every candidate. */
function once(count: () => number): () => number {
  let counted: number | undefined
  return () => (counted ??= count())
}
