import type { RouterDefinition } from '../config/gateway-config.ts'
import { GatewayError } from '../model/errors.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../model/json.ts'
import type { RequestFacts } from '../model/request-facts.ts'
import { type Classification, classify } from './complexity/classify.ts'
import { estimateTokens, type KeywordHits, type PromptSignals } from './complexity/prompt-signals.ts'
import { scoringSettings } from './complexity/scoring-settings.ts'

/** Version of the features object. A reader refuses what it does not know. */
const featuresVersion = 1

/**
 * The features of a prompt as the ledger keeps them: counts, listed words and sizes, never text. They suffice to score
 * the prompt again with other weights, boundaries, thresholds and overrides; other word lists need the prompt itself.
 */
export function promptFeatures(signals: PromptSignals, facts: RequestFacts): JsonObject {
  return {
    v: featuresVersion,
    characters: signals.characters,
    tokens: estimateTokens(signals.characters),
    code: hitsToJson(signals.code),
    reasoning: hitsToJson(signals.reasoning),
    technical: hitsToJson(signals.technical),
    simple: hitsToJson(signals.simple),
    steps: [...signals.steps],
    questions: signals.questionMarks,
    tools: facts.toolCount,
    images: facts.hasImages,
    bytes: facts.bodyBytes,
  }
}

/**
 * Scores stored features with a router's weights, boundaries, thresholds and override: the same answer as classifying
 * the text, as long as the word lists and the text scope are those of the time. Throws GatewayError `invalid_field` on a version it does not know or
 * on a damaged object.
 */
export function rescore(features: JsonObject, definition: RouterDefinition): Classification {
  return classify(readSignals(features), scoringSettings(definition.complexity))
}

function readSignals(features: JsonObject): PromptSignals {
  if (features.v !== featuresVersion) {
    throw new GatewayError(
      'invalid_field',
      `These prompt features have version ${JSON.stringify(features.v)}; version 1 is wanted.`,
      {
        param: 'v',
      },
    )
  }
  return {
    characters: readCount(features.characters, 'characters'),
    code: readHits(features.code, 'code'),
    reasoning: readHits(features.reasoning, 'reasoning'),
    technical: readHits(features.technical, 'technical'),
    simple: readHits(features.simple, 'simple'),
    steps: readWords(features.steps, 'steps'),
    questionMarks: readCount(features.questions, 'questions'),
  }
}

function hitsToJson(hits: KeywordHits): JsonObject {
  return { count: hits.count, words: [...hits.words] }
}

function readHits(value: JsonValue | undefined, name: string): KeywordHits {
  if (!isJsonObject(value)) throw damaged(name)
  return { count: readCount(value.count, name), words: readWords(value.words, name) }
}

function readWords(value: JsonValue | undefined, name: string): string[] {
  if (!Array.isArray(value)) throw damaged(name)
  return value.filter((word) => typeof word === 'string')
}

function readCount(value: JsonValue | undefined, name: string): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) throw damaged(name)
  return value
}

function damaged(name: string): GatewayError {
  return new GatewayError('invalid_field', `The stored prompt features have no usable "${name}".`, { param: name })
}
