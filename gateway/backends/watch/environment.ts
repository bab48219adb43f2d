import { isIP } from 'node:net'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Addresses of local servers that variables name: where to look, not what is there. `OLLAMA_HOST` as Ollama reads it
 * (envconfig/config.go: without scheme port 11434, with one its own default; a port that is none is the default),
 * `LLAMA_ARG_HOST`, `LLAMA_ARG_PORT` and `LLAMA_ARG_API_PREFIX` of llama-server, `LOCALAI_ADDRESS` of LocalAI and
 * `MODEL_RUNNER_HOST` of Docker's command. A wildcard address is this machine. Pure.
 */
export function environmentUrls(environment: Environment): string[] {
  const urls = [
    addressIn(environment.OLLAMA_HOST, 11_434),
    llamaAddress(environment),
    addressIn(environment.LOCALAI_ADDRESS, 8_080),
    addressIn(environment.MODEL_RUNNER_HOST, 12_434),
  ]
  return urls.filter((url) => url !== undefined)
}

/** Its makers' cloud is not local, whatever variable names it. */
const clouds = /(?:^|\.)ollama\.com$/i

/** @param usual the port where none is written and no scheme says it */
function addressIn(text: string | undefined, usual: number): string | undefined {
  const written = (text ?? '')
    .trim()
    .replace(/^(["'])(.*)\1$/, '$2')
    .trim()
  if (written === '') return undefined
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(written)?.[1]?.toLowerCase()
  if (scheme !== undefined && scheme !== 'http' && scheme !== 'https') return undefined
  const [place = '', ...path] = written.replace(/^[a-z][a-z0-9+.-]*:\/\//i, '').split('/')
  const port = scheme === 'https' ? 443 : scheme === 'http' ? 80 : usual
  return urlOf(scheme ?? 'http', place, port, path.join('/'))
}

function urlOf(scheme: string, place: string, usual: number, path: string): string | undefined {
  const bare = place.replace(/^\[([^\]]*)\]$/, '$1')
  const split = isIP(bare) === 6 ? undefined : /^(\[[^\]]*\]|[^:]*):([^:]*)$/.exec(place)
  const host = hostOf(split?.[1] ?? place)
  const given = /^\d+$/.test(split?.[2] ?? '') ? Number(split?.[2]) : 0
  const port = given > 0 && given < 65_536 ? given : usual
  if (host === undefined || clouds.test(host)) return undefined
  const url = URL.parse(`${scheme}://${host}:${port}/${path}`)
  return url === null ? undefined : (url.origin + url.pathname).replace(/\/+$/, '')
}

/** As in a URL; every way to write "all addresses" and "this machine" is 127.0.0.1. Undefined for what is no host. */
function hostOf(written: string): string | undefined {
  const host = written.replace(/^\[([^\]]*)\]$/, '$1').toLowerCase()
  if (/^(?:|\*|0|0\.0\.0\.0|::|localhost)$/.test(host)) return '127.0.0.1'
  if (isIP(host) === 6) return `[${host}]`
  return /^[\w.-]+$/.test(host) ? host : undefined
}

/** llama-server may listen at several addresses or at a socket file: the first that is an address counts. */
function llamaAddress({ LLAMA_ARG_HOST: hosts, LLAMA_ARG_PORT: port, LLAMA_ARG_API_PREFIX: prefix }: Environment) {
  const number = Number(port)
  if (!Number.isInteger(number) || number <= 0 || number > 65_535) return undefined
  const places = (hosts ?? '127.0.0.1').split(',').map((part) => part.trim())
  const host = places.filter((place) => !place.includes('/') && !place.endsWith('.sock')).map(hostOf)[0]
  if (host === undefined) return undefined
  const path = (prefix ?? '').trim().replace(/^\/+|\/+$/g, '')
  return `http://${host}:${number}${path === '' ? '' : `/${path}`}`
}
