import type { KeyReference } from '../../config/gateway-config.ts'
import type { Evidence } from '../identify/evidence.ts'
import { identificationPaths, mayAsk, nextStep, type Verdict } from '../identify/identify.ts'
import type { VendorCard } from '../identify/vendor-card.ts'
import { type Inventory, type InventoryQuestions, NoAnswer } from '../inventory/inventory.ts'
import { readOpenAiList } from '../inventory/openai-list.ts'
import { inventoryReaders } from '../inventory/readers.ts'
import type { ProbeAnswer } from '../probe/probe-answer.ts'
import type { ProbeClient } from '../probe/probe-client.ts'
import { portOf } from './targets.ts'

export interface ProbePlace {
  readonly url: string
  readonly isLoopback: boolean
  readonly process: string | undefined
}

/** A server that is asked too many different things is none that we know. */
const mostQuestions = 24

/** How long a server may take, in ms: a connection, and then an answer. */
export const timesAt = (isLoopback: boolean) =>
  isLoopback ? { connectMs: 500, answerMs: 2_000 } : { connectMs: 1_500, answerMs: 4_000 }

/**
 * Finds out what answers at a place. No key is ever sent: nobody knows yet who would get it.
 * @throws NoAnswer when nothing answers
 */
export async function identifyServer(place: ProbePlace, client: ProbeClient): Promise<Verdict> {
  const answers = new Map<string, ProbeAnswer>()
  const evidence: Evidence = { port: portOf(place.url), process: place.process, answers }
  for (let asked = 0; asked < mostQuestions; asked += 1) {
    const step = nextStep(evidence)
    if (step.kind !== 'ask') return step
    if (!identificationPaths.has(step.path)) throw new Error(`${step.path} is no path of identification.`)
    const times = timesAt(place.isLoopback)
    const outcome = await client.ask({ base: place.url, path: step.path, identifies: true, ...times })
    if (outcome.kind === 'answer') answers.set(step.path, outcome.answer)
    else if (answers.size === 0) throw new NoAnswer(outcome)
    // One path without an answer says nothing about the others.
    else answers.set(step.path, { status: 0, headers: {}, text: '' })
  }
  return { kind: 'other' }
}

/**
 * Asks a server of a known kind for its models, with its key. Only paths of its card are ever asked.
 *
 * @param card undefined for a server that the user named and that has an OpenAI list of models
 * @throws NoAnswer when it does not answer
 */
export function readServer(
  place: ProbePlace,
  card: VendorCard | undefined,
  apiKey: KeyReference,
  memory: Map<string, unknown>,
  client: ProbeClient,
): Promise<Inventory> {
  const questions = questionsTo(place, card, apiKey, memory, client)
  return card === undefined ? readOpenAiList(questions) : inventoryReaders[card.id](questions)
}

function questionsTo(
  place: ProbePlace,
  card: VendorCard | undefined,
  apiKey: KeyReference,
  memory: Map<string, unknown>,
  client: ProbeClient,
): InventoryQuestions {
  const ask = (path: string, body?: object) => {
    if (card !== undefined && !mayAsk(card, body === undefined ? 'GET' : 'POST', path))
      throw new Error(`${path} is not among the paths that ${card.label} may be asked.`)
    const key = apiKey.kind === 'value' ? { apiKey: apiKey.secret.reveal() } : {}
    const content = body === undefined ? {} : { body }
    return client.ask({ base: place.url, path, ...timesAt(place.isLoopback), ...key, ...content })
  }
  return {
    memory,
    async need(path) {
      const outcome = await ask(path)
      if (outcome.kind === 'answer') return outcome.answer
      throw new NoAnswer(outcome)
    },
    async want(path, body) {
      const outcome = await ask(path, body)
      return outcome.kind === 'answer' ? outcome.answer : undefined
    },
  }
}
