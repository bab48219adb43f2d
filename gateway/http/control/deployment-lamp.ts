import type { Deployment } from '../../config/gateway-config.ts'
import type { ModelLamp } from '../../contract/models.ts'
import { waitText } from '../../routing/deployment-states.ts'
import type { DeploymentReadings } from '../http-dependencies.ts'

/** A lamp and the one sentence that goes with it. */
export interface LampAndSentence {
  readonly lamp: ModelLamp
  readonly health: string
}

/** How a deployment is, what a person has to see to first. `now` in ms since the epoch. */
export function deploymentLamp(deployment: Deployment, readings: DeploymentReadings, now: number): LampAndSentence {
  return wantsSomebody(deployment, readings) ?? outForNow(deployment, readings, now) ?? lastWord(deployment, readings)
}

function wantsSomebody({ id, apiKey }: Deployment, readings: DeploymentReadings): LampAndSentence | undefined {
  if (apiKey.kind === 'missing') {
    return {
      lamp: 'failed',
      health: `${apiKey.names.join(' or ')} has no value. Enter it at Settings, Secrets, or unlock the keys there.`,
    }
  }
  if (readings.isGone(id)) {
    return { lamp: 'failed', health: 'Its provider no longer has this model. Choose another one.' }
  }
  const { overBudget } = readings.condition(id) ?? {}
  return overBudget === undefined ? undefined : { lamp: 'failed', health: sentence(overBudget.reason) }
}

function outForNow({ id }: Deployment, readings: DeploymentReadings, now: number): LampAndSentence | undefined {
  const { down, cooledUntil, cooledBy, full } = readings.condition(id) ?? {}
  if (down !== undefined) return { lamp: 'away', health: `It ${down.reason}.` }
  if (cooledUntil !== undefined && cooledUntil > now) {
    const why = cooledBy === 'rate_limit' ? 'Its provider asked to wait' : 'It failed too often'
    return { lamp: 'away', health: `${why}: left out for ${waitText(cooledUntil - now)}.` }
  }
  if (full === undefined || (full.until ?? now) < now) return undefined
  const wait = full.until === undefined ? '' : ` for ${waitText(full.until - now)}`
  return { lamp: 'away', health: `No room left in ${full.limit}${wait}.` }
}

function lastWord({ id, adapter, local }: Deployment, readings: DeploymentReadings): LampAndSentence {
  const health = readings.health(id)
  if (health?.healthy === false) return { lamp: 'failed', health: health.error ?? 'Its last request failed.' }
  const problem = readings.problem(id)
  if (problem !== undefined) return { lamp: 'failed', health: sentence(problem) }
  if (local?.loaded === false) return { lamp: 'loading', health: 'Loads with its first request.' }
  if (local !== undefined) return { lamp: 'up', health: local.busy ? 'Up and busy.' : 'Up.' }
  if (health !== undefined) return { lamp: 'up', health: 'Its last request was answered.' }
  if (adapter === 'demo') return { lamp: 'up', health: 'Always there: it only pretends.' }
  return { lamp: 'off', health: 'Not asked since the start.' }
}

function sentence(part: string): string {
  const text = part.slice(0, 1).toUpperCase() + part.slice(1)
  return /[.!?]$/u.test(text) ? text : `${text}.`
}

/** The best of several: whoever asks gets the one that is up. */
export function bestLamp(all: readonly LampAndSentence[]): LampAndSentence {
  const [first] = all
  if (first === undefined) return { lamp: 'away', health: 'Nothing has this model now.' }
  if (all.length === 1) return first
  const order = ['up', 'loading', 'off', 'away', 'failed'] as const
  const best = order.map((lamp) => all.find((one) => one.lamp === lamp)).find((found) => found !== undefined) ?? first
  const usable = all.filter(({ lamp }) => lamp === 'up' || lamp === 'loading' || lamp === 'off').length
  return usable === all.length
    ? best
    : { lamp: best.lamp, health: `${usable} of ${all.length} deployments can be asked. ${otherSentence(all)}` }
}

function otherSentence(all: readonly LampAndSentence[]): string {
  return all.find(({ lamp }) => lamp === 'failed' || lamp === 'away')?.health ?? ''
}
