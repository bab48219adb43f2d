import { type Deployment, modelCapabilities, type ModelCapability } from '../../config/gateway-config.ts'
import { anyBackend } from '../../config/providers/backend-names.ts'

/**
 * The groups that stand for any local model: `local/*` and `<backend>/*` for those one can talk to, `local:tools`,
 * `local:vision`… for those that say they can do it. Models that are loaded and idle come first, then occupied ones, then
 * those that must be loaded; the same model on two servers is balanced between them. Pure.
 */
export function selectorGroups(deployments: readonly Deployment[]): Map<string, readonly Deployment[]> {
  const groups = new Map<string, readonly Deployment[]>()
  const put = (name: string, members: readonly Deployment[]): void => {
    if (members.length > 0) groups.set(name, ranked(members))
  }
  const chatting = deployments.filter((deployment) => can(deployment, 'chat'))
  put(`${anyBackend}/*`, chatting)
  for (const [backend, members] of Map.groupBy(chatting, ({ local }) => local?.backend)) {
    if (backend !== undefined) put(`${backend}/*`, members)
  }
  for (const capability of modelCapabilities) {
    put(
      `${anyBackend}:${capability}`,
      deployments.filter((deployment) => can(deployment, capability)),
    )
  }
  return groups
}

/** Whether a model says that it can; one that says nothing is taken to chat. */
function can({ local }: Deployment, capability: ModelCapability): boolean {
  const known = local?.capabilities
  return known === undefined ? capability === 'chat' : known.includes(capability)
}

/** Larger than the number of different models anybody has. */
const step = 1_000_000

/** Puts the order into `order`: what has the same one is balanced. */
export function ranked(deployments: readonly Deployment[]): Deployment[] {
  const ids = [...new Set(deployments.map(({ upstreamModel }) => upstreamModel))].sort()
  return deployments.map((deployment) => {
    const order = deployment.order + readiness(deployment) * step + ids.indexOf(deployment.upstreamModel)
    return order === deployment.order ? deployment : { ...deployment, order }
  })
}

/** 0 answers at once, 1 has others before, 2 must be loaded first. */
function readiness({ local }: Deployment): number {
  if (local?.loaded === false) return 2
  return local?.busy === true ? 1 : 0
}
