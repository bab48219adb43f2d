import { modelCapabilities, type GatewayConfig } from '../config/gateway-config.ts'
import { anyBackend } from '../config/providers/backend-names.ts'

type Known = Pick<GatewayConfig, 'absentBackends'>

const shownServers = 4

/**
 * Why a name has nothing behind it although it is right: it stands for any local model, or for one of a server that is not
 * there. As a sentence part; undefined for every other name. Pure.
 */
export function awaitedReason(name: string, { absentBackends }: Known): string | undefined {
  if (name === `${anyBackend}/*` || modelCapabilities.some((word) => name === `${anyBackend}:${word}`)) {
    return `waits for a local server${wanted(name)}${servers(absentBackends)}`
  }
  const slash = name.indexOf('/')
  const backend = slash > 0 && slash < name.length - 1 ? name.slice(0, slash) : undefined
  const problem = backend === undefined ? undefined : absentBackends?.get(backend)
  return problem === undefined ? undefined : `waits for ${backend}, which ${problem}`
}

function wanted(name: string): string {
  const [, capability] = name.split(':')
  return capability === undefined ? '' : ` with ${capability}`
}

function servers(absent: Known['absentBackends']): string {
  if (absent === undefined || absent.size === 0) return ': none that is known has one now'
  const each = [...absent].map(([name, problem]) => `${name} ${problem}`)
  const rest = each.length > shownServers ? `; and ${each.length - shownServers} more` : ''
  return `: ${each.slice(0, shownServers).join('; ')}${rest}`
}
