import type { BackendView } from '../contract/backends.ts'
import type { Finding } from './doctor.ts'
import type { RunningGateway } from './find-gateway.ts'

const check = 'backends'

/** One line for each local server: what it is, or what is wrong with it and what to do. Only the running gateway knows. */
export async function checkBackends(running: RunningGateway | undefined): Promise<Finding[]> {
  if (running === undefined) return []
  const { backends, discovery } = await running.client.backends()
  if (backends.length > 0) return backends.map(backendFinding)
  const message = discovery ? 'No local server was found.' : 'Local servers are not looked for.'
  return [{ check, state: 'ok', message }]
}

/** Pure. */
export function backendFinding({ name, label, url, state, reason, remedy, added, models }: BackendView): Finding {
  const where = `${name} at ${url}`
  const advice = remedy === null ? {} : { remedy }
  if (!added) {
    return {
      check,
      state: 'ok',
      message: `${where} looks like an OpenAI-compatible server and is not in use.`,
      ...advice,
    }
  }
  if (state === 'up') {
    const local = models.filter((model) => model.local).length
    const cloud = models.length - local
    const count = `${local} ${local === 1 ? 'model' : 'models'}`
    const others = cloud === 0 ? '' : `; ${cloud} of its cloud, not local and not in use`
    return { check, state: 'ok', message: `${where}: ${label} with ${count}${others}.` }
  }
  return { check, state: 'warning', message: `${where}: ${label} ${reason ?? `is ${state}`}.`, ...advice }
}
