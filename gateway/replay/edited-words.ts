import type { ComplexityOverrides, RouterDefinition } from '../config/gateway-config.ts'
import { codeKeywords } from '../routing/complexity/code-keywords.ts'
import { distinctKeywords } from '../routing/complexity/keyword-matcher.ts'
import { reasoningKeywords } from '../routing/complexity/reasoning-keywords.ts'
import { simpleKeywords } from '../routing/complexity/simple-keywords.ts'
import { technicalKeywords } from '../routing/complexity/technical-keywords.ts'
import { type ListName, listNames, type RemovedWords } from './decide-again.ts'

/** What an edit does to the word lists. */
export interface EditedWords {
  readonly removed: RemovedWords
  /** Lists that got words: those cannot be looked for. */
  readonly grown: readonly ListName[]
}

/** The words that one router knows and another does not. Pure. */
export function editedWords(saved: RouterDefinition, edited: RouterDefinition): EditedWords {
  const removed: Partial<Record<ListName, ReadonlySet<string>>> = {}
  const grown: ListName[] = []
  for (const name of listNames) {
    const before = new Set(wordsOf(saved.complexity, name))
    const after = new Set(wordsOf(edited.complexity, name))
    const gone = [...before].filter((word) => !after.has(word))
    if (gone.length > 0) removed[name] = new Set(gone)
    if ([...after].some((word) => !before.has(word))) grown.push(name)
  }
  return { removed, grown }
}

function wordsOf(complexity: ComplexityOverrides, name: ListName): readonly string[] {
  switch (name) {
    case 'code':
      return listOr(complexity.codeKeywords, codeKeywords)
    case 'reasoning':
      return listOr(complexity.reasoningKeywords, reasoningKeywords)
    case 'simple':
      return listOr(complexity.simpleKeywords, simpleKeywords)
    case 'technical':
      return distinctKeywords([
        ...listOr(complexity.technicalKeywords, technicalKeywords),
        ...complexity.customTechnicalKeywords,
      ])
  }
}

/** An empty list means the default one. */
function listOr(written: readonly string[] | undefined, standard: readonly string[]): readonly string[] {
  const words = distinctKeywords(written ?? [])
  return words.length === 0 ? distinctKeywords(standard) : words
}
