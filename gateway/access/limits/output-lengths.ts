/** Output assumed of a model that has not answered often enough, in tokens. */
const unknownOutput = 1000

/** Answers from which on a model's own length counts, and how many are remembered for it. */
const fewestAnswers = 5
const mostAnswers = 200
const mostModels = 500

/** How long a model's answers usually are: nine of ten are no longer. Learned from what was reported, bounded in memory. */
export interface OutputLengths {
  /** Tokens. */
  usual(provider: string, upstreamModel: string): number
  note(provider: string, upstreamModel: string, outputTokens: number): void
}

interface Remembered {
  readonly lengths: number[]
  next: number
  /** Undefined when answers came since it was worked out. */
  usual: number | undefined
}

export function createOutputLengths(): OutputLengths {
  const models = new Map<string, Remembered>()

  return {
    usual(provider, upstreamModel) {
      const model = models.get(`${provider}/${upstreamModel}`)
      if (model === undefined || model.lengths.length < fewestAnswers) return unknownOutput
      model.usual ??= ninthOfTen(model.lengths)
      return model.usual
    },
    note(provider, upstreamModel, outputTokens) {
      const name = `${provider}/${upstreamModel}`
      const model = models.get(name) ?? { lengths: [], next: 0, usual: undefined }
      // The order of the map is the order of use: the first is the longest unused.
      models.delete(name)
      models.set(name, model)
      model.lengths[model.next] = outputTokens
      model.next = (model.next + 1) % mostAnswers
      model.usual = undefined
      const [oldest] = models.keys()
      if (models.size > mostModels && oldest !== undefined) models.delete(oldest)
    },
  }
}

function ninthOfTen(lengths: readonly number[]): number {
  const sorted = lengths.toSorted((left, right) => left - right)
  return sorted[Math.ceil(sorted.length * 0.9) - 1] ?? unknownOutput
}
