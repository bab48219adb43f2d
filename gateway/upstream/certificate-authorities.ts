import tls from 'node:tls'

/** What is known of certificate authorities, for `doctor`. */
export interface AuthorityCounts {
  /** Those that Node brings along, with those of NODE_EXTRA_CA_CERTS. */
  readonly own: number
  /** Those that the system trusts; undefined = this Node cannot tell. */
  readonly system: number | undefined
}

let added: boolean | undefined

/**
 * Trusts the authorities of the system's store beside Node's own, for the rest of the process: a company's proxy that
 * looks into TLS has its authority there. It takes a third of a second, so it is done when a certificate is first not
 * trusted, and once. True = there are authorities now that were not before.
 */
export function trustSystemAuthorities(): boolean {
  added ??= addSystemAuthorities()
  return added
}

function addSystemAuthorities(): boolean {
  if (!canReadStore()) return false
  try {
    const own = tls.getCACertificates('default')
    const all = new Set([...own, ...tls.getCACertificates('system')])
    if (all.size === new Set(own).size) return false
    tls.setDefaultCACertificates([...all])
    return true
  } catch {
    // A store that cannot be read leaves things as they were; the failed certificate is reported as such.
    return false
  }
}

export function countAuthorities(): AuthorityCounts {
  if (!canReadStore()) return { own: tls.rootCertificates.length, system: undefined }
  return { own: tls.getCACertificates('default').length, system: tls.getCACertificates('system').length }
}

/** Since Node 24.5; other runtimes (Electron's) may lack it. */
function canReadStore(): boolean {
  return typeof tls.getCACertificates === 'function' && typeof tls.setDefaultCACertificates === 'function'
}
