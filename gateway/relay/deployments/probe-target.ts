import type { Deployment } from '../../config/gateway-config.ts'

/** What one question tells of: an address with its key. In memory only, as it holds the key. */
export function targetKey({ adapter, baseUrl, apiKey }: Deployment): string {
  return [adapter, baseUrl, apiKey.kind === 'value' ? apiKey.secret.reveal() : ''].join('\n')
}

/** The state of one upstream as its probes know it. */
export class ProbeTarget {
  /** Why it is down; undefined = up, or not known. */
  down: string | undefined
  /** Probes that failed since it went down. */
  failures = 0
  /** ms since the epoch. */
  askedAt = -Infinity
  running: Promise<void> | undefined
  cancelRetry: (() => void) | undefined
}
