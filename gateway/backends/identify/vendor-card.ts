import type { BackendVendor } from '../../config/providers/backend-names.ts'
import type { Evidence } from './evidence.ts'

/** How one kind of server is told from all the others, as data. */
export interface VendorCard {
  readonly id: BackendVendor
  /** As its makers write it. */
  readonly label: string
  /** Where it listens unless told otherwise. */
  readonly ports: readonly number[]
  /** What is asked first on these ports, where that is something else than the list of models. */
  readonly first?: string
  /** Names of its processes. */
  readonly processes: RegExp
  /** Asked in order to prove it, all GET. After the first one without any proof no more are asked. */
  readonly confirm: readonly string[]
  /** Kinds that it may be taken for: what was asked to rule them out is part of its allow-list. */
  readonly resembles: readonly BackendVendor[]
  /** Asked once it is known, `POST /path` or a path for GET; a `*` at the end stands for any query. */
  readonly inventory: readonly string[]
  /** Paths with side effects: never asked, whatever else is unknown about the server. */
  readonly never: readonly string[]
  /** Whether the answers so far make it worth asking `confirm`. */
  readonly suspected: (evidence: Evidence) => boolean
  /** Independent reasons to believe it. Two that agree are a proof. */
  readonly proofs: (evidence: Evidence) => readonly string[]
  /** Base of its OpenAI-compatible API under its own address. */
  readonly openAiBase: string
}

/** The reasons that hold, in order: `['has its greeting', greeted]`. */
export function reasons(...given: readonly (readonly [string, boolean])[]): string[] {
  return given.filter(([, holds]) => holds).map(([reason]) => reason)
}
