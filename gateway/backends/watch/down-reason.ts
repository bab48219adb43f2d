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
    case 'untrusted':
      return `is not trusted: the certificate of ${host} ${certificateWords(outcome.code)}`
    case 'reset':
      return undefined
  }
}

/** What OpenSSL and Node call it (nodejs.org/api/tls.html, X509 certificate error codes), in plain words. */
function certificateWords(code: string | undefined): string {
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return 'is for another name'
  if (code === 'CERT_HAS_EXPIRED') return 'has expired'
  if (code === 'CERT_NOT_YET_VALID') return 'is not valid yet'
  return 'comes from nobody who is known here'
}
