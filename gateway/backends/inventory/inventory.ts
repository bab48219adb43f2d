import type { ModelCapability } from '../../config/gateway-config.ts'
import type { ProbeAnswer, ProbeOutcome } from '../probe/probe-answer.ts'

/** A model as its server describes it; what the server does not say is undefined. */
export interface BackendModel {
  /** As the server wants to be asked for it. */
  readonly id: string
  readonly capabilities?: readonly ModelCapability[] | undefined
  /** In tokens: what may be sent. */
  readonly contextWindow?: number | undefined
  /** In tokens: what it is loaded with. */
  readonly loadedContext?: number | undefined
  readonly loaded?: boolean | undefined
  readonly sizeBytes?: number | undefined
  readonly quantization?: string | undefined
  readonly parameters?: string | undefined
  /** Runs elsewhere although the server lists it: neither free nor private. */
  readonly cloud?: boolean
}

export interface Inventory {
  readonly state: 'up' | 'starting' | 'auth' | 'failing'
  /** A sentence part when the state is another than `up`. */
  readonly problem?: string
  readonly version?: string | undefined
  readonly busy: boolean
  readonly models: readonly BackendModel[]
  /** `host:port` of servers that this one started for itself: they are not backends of their own. */
  readonly children?: readonly string[]
}

/** How a reader asks its server. */
export interface InventoryQuestions {
  /** The answer, whatever its status. Throws NoAnswer when there is none. */
  need(path: string): Promise<ProbeAnswer>
  /** Undefined when there is no answer. */
  want(path: string, body?: object): Promise<ProbeAnswer | undefined>
  /** What an earlier reading of the same server left for this one. */
  readonly memory: Map<string, unknown>
}

export type InventoryReader = (questions: InventoryQuestions) => Promise<Inventory>

/** The server did not answer at all: it is down, or on its way. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer'
  readonly outcome: Exclude<ProbeOutcome, { kind: 'answer' }>

  constructor(outcome: Exclude<ProbeOutcome, { kind: 'answer' }>) {
    super(`no answer: ${outcome.kind}`)
    this.outcome = outcome
  }
}

/** What a list that did not come with 2xx means for the whole server. */
export function withoutList(answer: ProbeAnswer, version?: string): Inventory {
  const nothing = { busy: false, models: [], ...(version === undefined ? {} : { version }) }
  if (answer.status === 401 || answer.status === 403) {
    return { ...nothing, state: 'auth', problem: `wants a key (status ${answer.status})` }
  }
  if (answer.status === 503) return { ...nothing, state: 'starting', problem: 'is loading its model' }
  return { ...nothing, state: 'failing', problem: `answered ${answer.status} when asked for its models` }
}

/** Names of embedding models, for servers that do not tell what a model is for. */
const embeddingName = /embed|(?:^|[/_-])(?:bge|gte|e5|minilm)[-_]/i

/** What the name of a model lets one expect; only whether it chats or embeds. */
export function capabilitiesByName(id: string): readonly ModelCapability[] {
  return embeddingName.test(id) ? ['embeddings'] : ['chat']
}
