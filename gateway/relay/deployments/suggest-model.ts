const embeddingWords = /embed|(?:^|[-_/])(?:e5|bge|gte|minilm)(?:[-_]|$)/
const rerankWords = /rerank/

/**
 * The model of a list that is most like one that is gone: of the same kind (chat, embeddings, reranking), of the same
 * family, then with the most words in common. Undefined when none shares the family. For embeddings any other is better
 * than none: their family is only a name. Pure.
 */
export function suggestModel(gone: string, models: readonly string[]): string | undefined {
  const kind = kindOf(gone)
  const ranked = models
    .filter((model) => kindOf(model) === kind)
    .map((model) => ({ model, likeness: likenessOf(gone, model) }))
    .filter(({ likeness }) => likeness >= 1 || kind === 'embedding')
    .toSorted((one, other) => other.likeness - one.likeness || one.model.localeCompare(other.model))
  return ranked[0]?.model
}

function kindOf(model: string): 'embedding' | 'rerank' | 'chat' {
  const name = model.toLowerCase()
  if (rerankWords.test(name)) return 'rerank'
  return embeddingWords.test(name) ? 'embedding' : 'chat'
}

/** 1 for the family, and for each word of the longer name what it is worth among all. */
function likenessOf(one: string, other: string): number {
  const [ours, theirs] = [wordsOf(one), wordsOf(other)]
  const common = ours.filter((word) => theirs.includes(word)).length
  const sameFamily =
    familyOf(ours) === familyOf(theirs) ||
    ours.some((word) => theirs.includes(word) && /^[a-z]{3,}/.test(word) && !plainWords.has(word))
  return (sameFamily ? 1 : 0) + common / Math.max(ours.length, theirs.length)
}

/** Words that models of every family carry. */
const plainWords: ReadonlySet<string> = new Set(
  'instruct chat base large small mini medium pro flash preview latest embedding embed code coder vision turbo plus max'.split(
    ' ',
  ),
)

function wordsOf(model: string): readonly string[] {
  const name = model.toLowerCase().split('/').at(-1) ?? ''
  return name.split(/[-_:.]/).filter((word) => word !== '')
}

/** `qwen` of `qwen3.5-122b`. */
function familyOf(words: readonly string[]): string {
  return (words.find((word) => /^[a-z]{2,}/.test(word)) ?? '').replace(/\d.*$/, '')
}
