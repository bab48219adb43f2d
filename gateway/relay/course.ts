import type { ErrorCode } from '../model/errors.ts'
import type { Candidate, Plan } from '../routing/plan-types.ts'

/** The way of one request through its plan: what was given out and what is left. */
export class Course {
  readonly #plan: Plan
  #left: readonly Candidate[]
  #position = 0
  readonly #given: string[] = []
  #turned = false

  constructor(plan: Plan) {
    this.#plan = plan
    this.#left = plan.candidates
  }

  /** A plan that is to fail fast has one try. */
  get hasNext(): boolean {
    if (this.#plan.failFast && this.#given.length > 0) return false
    return this.#position < this.#left.length
  }

  next(): Candidate | undefined {
    if (!this.hasNext) return undefined
    const candidate = this.#left[this.#position]
    this.#position += 1
    if (candidate !== undefined) this.#given.push(candidate.deployment.id)
    return candidate
  }

  /**
   * Where the plan has a chain for this kind of failure, what it names takes the place of what is left. False where it has
   * none, and within such a chain: what it leads to is tried in order, whatever the failure.
   */
  turn(code: ErrorCode): boolean {
    const chain = this.#chainFor(code)
    if (chain.length === 0 || this.#plan.failFast) return false
    if (this.#turned) return this.hasNext
    const fresh = chain.filter(({ deployment }) => !this.#given.includes(deployment.id))
    if (fresh.length === 0) return false
    this.#turned = true
    this.#left = fresh
    this.#position = 0
    return true
  }

  #chainFor(code: ErrorCode): readonly Candidate[] {
    if (code === 'context_length_exceeded') return this.#plan.onContextWindow
    return code === 'content_policy_violation' ? this.#plan.onContentPolicy : []
  }
}
