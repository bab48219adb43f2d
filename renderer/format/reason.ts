export interface ReasonStep {
  readonly name: string
  readonly adds: number
}

const stepPattern = /^([a-z][a-z -]*) ([-\u2212+]?\d+(?:\.\d+)?)$/
const roundingTolerance = 0.0051

/**
 * Reads the gateway's short reason (`code 0.10, technical 0.25`) into the steps of a waterfall. Undefined when the
 * reason is a rule instead of a sum, or when its steps do not add up to the score: then only the sentence is true.
 */
export function parseReason(reason: string | null, score: number | null): readonly ReasonStep[] | undefined {
  if (reason === null || score === null) return undefined
  const steps: ReasonStep[] = []
  for (const part of reason.split(', ')) {
    const match = stepPattern.exec(part)
    const name = match?.[1]
    const amount = match?.[2]
    if (name === undefined || amount === undefined) return undefined
    steps.push({ name, adds: Number(amount.replace('\u2212', '-')) })
  }
  const sum = steps.reduce((total, step) => total + step.adds, 0)
  return Math.abs(sum - score) < roundingTolerance ? steps : undefined
}
