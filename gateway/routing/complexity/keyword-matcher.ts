/** Finds the keywords that occur in a text already in lower case; gives each once, in list order. */
export type KeywordMatcher = (loweredText: string) => readonly string[]

const cjk = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u
const wordCharacter = /[\p{L}\p{N}_]/u

/**
 * Builds a matcher. A keyword with a space or a CJK character matches as a substring, any other as a whole word whose
 * edges are not letters, digits or `_` of any script. Case-insensitive, duplicates and blank keywords dropped.
 * Each keyword is one `indexOf` walk, so time is linear in the text.
 */
export function createKeywordMatcher(keywords: readonly string[]): KeywordMatcher {
  const words = distinctKeywords(keywords)
  const finders = words.map((word) => (isSubstringKeyword(word) ? occursAnywhere : occursAsWord))
  return (loweredText) => words.filter((word, index) => finders[index]?.(loweredText, word) === true)
}

/** Lower-cased keywords without blanks and repeats, in the order given. */
export function distinctKeywords(keywords: readonly string[]): string[] {
  const lowered = keywords.map((keyword) => keyword.toLowerCase()).filter((keyword) => keyword.trim() !== '')
  return [...new Set(lowered)]
}

function isSubstringKeyword(keyword: string): boolean {
  return keyword.includes(' ') || cjk.test(keyword)
}

function occursAnywhere(text: string, keyword: string): boolean {
  return text.includes(keyword)
}

function occursAsWord(text: string, keyword: string): boolean {
  for (let start = text.indexOf(keyword); start !== -1; start = text.indexOf(keyword, start + 1)) {
    const end = start + keyword.length
    if (!isWordCharacterBefore(text, start) && !isWordCharacterAt(text, end)) return true
  }
  return false
}

function isWordCharacterBefore(text: string, index: number): boolean {
  if (index === 0) return false
  const unit = text.charCodeAt(index - 1)
  const isLowSurrogate = unit >= 0xdc00 && unit <= 0xdfff
  return isWordCharacterAt(text, isLowSurrogate && index > 1 ? index - 2 : index - 1)
}

function isWordCharacterAt(text: string, index: number): boolean {
  const codePoint = text.codePointAt(index)
  if (codePoint === undefined) return false
  if (codePoint < 0x80) return isAsciiWordCharacter(codePoint)
  return wordCharacter.test(String.fromCodePoint(codePoint))
}

function isAsciiWordCharacter(code: number): boolean {
  const isDigit = code >= 0x30 && code <= 0x39
  const isUpper = code >= 0x41 && code <= 0x5a
  const isLower = code >= 0x61 && code <= 0x7a
  return isDigit || isUpper || isLower || code === 0x5f
}
