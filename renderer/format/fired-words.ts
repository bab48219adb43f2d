export interface PromptPart {
  readonly text: string
  readonly fired: boolean
  /** Where it begins in the prompt. */
  readonly start: number
}

/** Cuts a prompt into parts that did and did not fire. Whole words, any case; a later, overlapping word is left out. */
export function markFiredWords(prompt: string, words: readonly string[]): readonly PromptPart[] {
  const wanted = [...new Set(words.filter((word) => word !== ''))].sort((one, other) => other.length - one.length)
  if (wanted.length === 0) return [{ text: prompt, fired: false, start: 0 }]
  const alternatives = wanted.map((word) => word.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}_])(?:${alternatives})(?![\\p{L}\\p{N}_])`, 'giu')
  const parts: PromptPart[] = []
  let end = 0
  for (const match of prompt.matchAll(pattern)) {
    if (match.index > end) parts.push({ text: prompt.slice(end, match.index), fired: false, start: end })
    parts.push({ text: match[0], fired: true, start: match.index })
    end = match.index + match[0].length
  }
  if (end < prompt.length) parts.push({ text: prompt.slice(end), fired: false, start: end })
  return parts
}
