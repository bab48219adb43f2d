import type { ComplexityOverrides } from '../../config/gateway-config.ts'
import { codeKeywords } from './code-keywords.ts'
import { createKeywordMatcher, distinctKeywords, type KeywordMatcher } from './keyword-matcher.ts'
import { multiStepPatterns } from './multi-step.ts'
import { reasoningKeywords } from './reasoning-keywords.ts'
import { simpleKeywords } from './simple-keywords.ts'
import { technicalKeywords } from './technical-keywords.ts'

/** How many distinct keywords of a list occur, and which (listed words only, at most `keptWords`). */
export interface KeywordHits {
  readonly count: number
  readonly words: readonly string[]
}

/** What a prompt shows, before any weight: enough to score it again with other settings. */
export interface PromptSignals {
  /** Unicode code points of the user text. */
  readonly characters: number
  readonly code: KeywordHits
  readonly reasoning: KeywordHits
  readonly technical: KeywordHits
  readonly simple: KeywordHits
  /** Names of the multi-step patterns found. */
  readonly steps: readonly string[]
  readonly questionMarks: number
}

/** Measures one prompt. `systemText` is read only by routers whose text scope is `system_and_user`. */
export type PromptMeter = (userText: string, systemText: string) => PromptSignals

/** A list of the owner's own may be long; the count stays exact. */
const keptWords = 40

/** Compiles the word lists of a router. An empty list means the default one; own technical terms are appended. */
export function createPromptMeter(overrides: ComplexityOverrides): PromptMeter {
  const technical = listOr(overrides.technicalKeywords, technicalKeywords)
  const matchers = {
    code: createKeywordMatcher(listOr(overrides.codeKeywords, codeKeywords)),
    reasoning: createKeywordMatcher(listOr(overrides.reasoningKeywords, reasoningKeywords)),
    technical: createKeywordMatcher([...technical, ...overrides.customTechnicalKeywords]),
    simple: createKeywordMatcher(listOr(overrides.simpleKeywords, simpleKeywords)),
  }
  const readsSystem = overrides.textScope === 'system_and_user'
  return (userText, systemText) => {
    const user = userText.toLowerCase()
    const scanned = readsSystem ? `${systemText.toLowerCase()} ${user}` : user
    return {
      characters: countCodePoints(userText),
      code: findHits(matchers.code, scanned),
      reasoning: findHits(matchers.reasoning, user),
      technical: findHits(matchers.technical, scanned),
      simple: findHits(matchers.simple, scanned),
      steps: multiStepPatterns(scanned),
      questionMarks: countQuestionMarks(userText),
    }
  }
}

/** LiteLLM's estimate: a quarter of the code points, rounded down. */
export function estimateTokens(characters: number): number {
  return Math.floor(characters / 4)
}

function listOr(written: readonly string[] | undefined, standard: readonly string[]): readonly string[] {
  return written === undefined || distinctKeywords(written).length === 0 ? standard : written
}

function findHits(matcher: KeywordMatcher, loweredText: string): KeywordHits {
  const words = matcher(loweredText)
  return { count: words.length, words: words.slice(0, keptWords) }
}

/** A surrogate pair is one code point, a lone surrogate one too; without the array that `[...text]` would build. */
function countCodePoints(text: string): number {
  let count = 0
  for (let index = 0; index < text.length; count += 1) {
    index += (text.codePointAt(index) ?? 0) > 0xffff ? 2 : 1
  }
  return count
}

function countQuestionMarks(text: string): number {
  let count = 0
  for (let index = text.indexOf('?'); index !== -1; index = text.indexOf('?', index + 1)) count += 1
  return count
}
