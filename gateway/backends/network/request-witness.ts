import type { UpstreamWitness } from '../../upstream/traffic.ts'
import type { UpstreamFailure } from '../../upstream/upstream-exchange.ts'
import { contactKind } from './connect-probe.ts'
import type { Contact } from './host-machine.ts'
import type { NetworkWatch } from './network-watch.ts'
import { portOf } from './watched-hosts.ts'

/** There are as many as deployments ever configured; the bound guards against a caller that makes them up. */
const mostPlaces = 1_000

/**
 * Tells what connections of requests come to: only what is sure to be about host or port counts, never a reset, a slow
 * answer or a status.
 *
 * @param beside hears of every host that is asked and that answered
 */
export function createRequestWitness(
  watch: Pick<NetworkWatch, 'began' | 'note'>,
  beside: { readonly began: (host: string) => void; readonly answered: (host: string) => void },
): UpstreamWitness {
  const places = new Map<string, { readonly host: string; readonly port: number }>()
  const place = (url: string): { readonly host: string; readonly port: number } => {
    const known = places.get(url)
    if (known !== undefined) return known
    const parsed = new URL(url)
    const made = { host: parsed.hostname, port: portOf(parsed) }
    if (places.size >= mostPlaces) places.clear()
    places.set(url, made)
    return made
  }
  return {
    began: (url) => {
      const { host } = place(url)
      watch.began(host)
      beside.began(host)
    },
    answered: (url) => {
      const { host, port } = place(url)
      watch.note(host, { port, kind: 'open' })
      beside.answered(host)
    },
    failed: (url, kind, code) => {
      const { host, port } = place(url)
      const contact = contactOf(kind, code)
      if (contact !== undefined) watch.note(host, { port, kind: contact, code })
      else if (kind === 'dns') watch.began(host)
    },
  }
}

function contactOf(kind: UpstreamFailure['kind'], code: string): Contact['kind'] | undefined {
  if (kind === 'refused' || kind === 'unreachable') return contactKind(code)
  return kind === 'connect_timeout' ? 'silent' : undefined
}
