import { mapToolId, type ToolIdRule } from '../../model/tool-ids.ts'

/** Ids of one request as the upstream takes them: the same one for a call and its result, two for two. */
export class WireToolIds {
  readonly #rule: ToolIdRule
  readonly #byId = new Map<string, string>()
  readonly #taken = new Set<string>()

  /** Ids that fit as they are keep themselves, so they are claimed first. */
  constructor(rule: ToolIdRule, ids: readonly string[]) {
    this.#rule = rule
    for (const id of ids) if (rule.pattern.test(id)) this.#claim(id, id)
  }

  of(id: string): string {
    return this.#byId.get(id) ?? this.#claim(id, mapToolId(id, this.#rule, this.#taken))
  }

  #claim(id: string, wireId: string): string {
    this.#byId.set(id, wireId)
    this.#taken.add(wireId)
    return wireId
  }
}
