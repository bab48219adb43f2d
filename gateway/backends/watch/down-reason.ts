import type { ProbeOutcome } from '../probe/probe-answer.ts'

/**
 * Why a server gives no connection, as a sentence part. Undefined when the connection stood: a server that is slow or hangs
 * up is not down.
 */
export function downReason(outcome: Exclude<ProbeOutcome, { kind: 'answer' }>, url: string): string | undefined {
  const { host } = new URL(url)
  switch (outcome.kind) {
    case 'refused':
      return `does not run: nobody listens at ${host}`
    case 'unreachable':
      return `cannot be reached: there is no way to ${host} (${outcome.code ?? 'no route'})`
    case 'unknown_name':
      return `cannot be reached: the name ${new URL(url).hostname} is not known here (${outcome.code ?? 'no address'})`
    case 'silent':
      return outcome.connected ? undefined : `is silent: ${host} accepts no connection`
    case 'not_http':
      return `is no HTTP server: ${host} answers with something else`
    case 'reset':
      return undefined
  }
}
