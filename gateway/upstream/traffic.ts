import type { UpstreamFailure } from './upstream-exchange.ts'

/** Hears what connections say of the hosts they go to: never of an answer's content. Must be quick and not throw. */
export interface UpstreamWitness {
  /** An exchange begins. */
  began(url: string): void
  /** A server answered, whatever it said. */
  answered(url: string): void
  /** No answer came: refused, unreachable, silent. `code` as the system has it. */
  failed(url: string, kind: UpstreamFailure['kind'], code: string): void
}

export const noWitness: UpstreamWitness = {
  began: () => undefined,
  answered: () => undefined,
  failed: () => undefined,
}

/** Exchanges that run now, by host. */
export class Traffic {
  readonly #hosts = new Map<string, { running: number; lastSign: number }>()

  /** Gives what is to be told of signs of life, and of the end (once). */
  begin(hostname: string): { sign(): void; end(): void } {
    const host = this.#hosts.get(hostname) ?? { running: 0, lastSign: 0 }
    this.#hosts.set(hostname, host)
    host.running += 1
    host.lastSign = performance.now()
    let isOver = false
    return {
      sign: () => {
        host.lastSign = performance.now()
      },
      end: () => {
        if (isOver) return
        isOver = true
        host.running -= 1
        if (host.running === 0 && this.#hosts.get(hostname) === host) this.#hosts.delete(hostname)
      },
    }
  }

  /** ms since any exchange with this host began or got a byte; undefined = none runs. */
  quietMs(hostname: string): number | undefined {
    const host = this.#hosts.get(hostname)
    return host === undefined ? undefined : performance.now() - host.lastSign
  }
}
