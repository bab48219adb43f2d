import type { BackendVendor } from '../../config/providers/backend-names.ts'
import { engines } from './engines.ts'
import { anyHeader, type Evidence, modelEntries, modelsPath, refusalAt, statusAt } from './evidence.ts'
import { imitators } from './imitators.ts'
import type { VendorCard } from './vendor-card.ts'

/** Every kind that is known, imitators before the imitated. */
export const vendorCards: readonly VendorCard[] = [...imitators, ...engines]

export type Verdict =
  | { readonly kind: 'vendor'; readonly card: VendorCard; readonly proofs: readonly string[] }
  /** Something with an OpenAI list of models, and nothing that says whose: offered, not added. */
  | { readonly kind: 'generic'; readonly needsKey: boolean }
  /** A Signalbox or a LiteLLM: to use it would be going in circles. */
  | { readonly kind: 'gateway' }
  | { readonly kind: 'other' }

export type IdentifyStep = { readonly kind: 'ask'; readonly path: string } | Verdict

/** No kind is believed for one reason alone: no single field proves a vendor. */
const proofsNeeded = 2

/**
 * Decides what to ask next, or what it is. Pure: the same evidence gives the same step. Imitators are judged before the
 * imitated, and only kinds that the answers so far make likely are asked for, so that no server is sent paths at random.
 */
export function nextStep(evidence: Evidence): IdentifyStep {
  if (anyHeader(evidence, 'x-litellm-call-id', /./) || anyHeader(evidence, 'x-litellm-version', /./)) {
    return { kind: 'gateway' }
  }
  const first = firstPath(evidence.port)
  if (!evidence.answers.has(first)) return { kind: 'ask', path: first }
  for (const card of vendorCards) {
    if (!card.suspected(evidence)) continue
    const proofs = card.proofs(evidence)
    if (proofs.length >= proofsNeeded) return { kind: 'vendor', card, proofs }
    const path = nextConfirmation(card, proofs, evidence)
    if (path !== undefined) return { kind: 'ask', path }
  }
  if (!evidence.answers.has(modelsPath)) return { kind: 'ask', path: modelsPath }
  return unproven(evidence)
}

/** What a server is asked first: its port's own question, else the list of models, which every server knows. */
export function firstPath(port: number): string {
  return vendorCards.find(({ first, ports }) => first !== undefined && ports.includes(port))?.first ?? modelsPath
}

/** After the first question of a kind has brought nothing for it, the others will not either. */
function nextConfirmation(card: VendorCard, proofs: readonly string[], evidence: Evidence): string | undefined {
  const open = card.confirm.filter((path) => !evidence.answers.has(path))
  const wasAsked = open.length < card.confirm.length
  const hasOwnOnly = card.confirm.every((path) => path === modelsPath || !evidence.answers.has(path))
  return proofs.length > 0 || !wasAsked || hasOwnOnly ? open[0] : undefined
}

function unproven(evidence: Evidence): Verdict {
  if (modelEntries(evidence) !== undefined) return { kind: 'generic', needsKey: false }
  const isJson = /json/i.test(evidence.answers.get(modelsPath)?.headers['content-type'] ?? '')
  if (refusalAt(evidence) !== undefined && isJson && statusAt(evidence, modelsPath) === 401) {
    return { kind: 'generic', needsKey: true }
  }
  return { kind: 'other' }
}

export function cardOf(vendor: BackendVendor): VendorCard {
  const card = vendorCards.find(({ id }) => id === vendor)
  if (card === undefined) throw new Error(`There is no card for ${vendor}.`)
  return card
}

/** Every path that identification may ask: none of them has a side effect on any server that it is sent to. */
export const identificationPaths: ReadonlySet<string> = new Set([
  modelsPath,
  ...vendorCards.flatMap(({ confirm, first }) => [...confirm, ...(first === undefined ? [] : [first])]),
])

/** Whether a server known to be of this kind may be asked this; `path` with its query. */
export function mayAsk(card: VendorCard, method: 'GET' | 'POST', path: string): boolean {
  const [plain = ''] = path.split('?')
  if (card.never.some((forbidden) => path === forbidden || plain === forbidden || plain.startsWith(`${forbidden}/`)))
    return false
  return card.inventory.includes(method === 'POST' ? `POST ${path}` : path)
}
