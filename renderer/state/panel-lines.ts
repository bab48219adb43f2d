import type { BackendView, BudgetView, DeploymentQuotaView, KeyView, NetworkView, QuotaList } from '../contract.ts'
import { budgetShare } from '../format/budget.ts'
import { formatTokensShort } from '../format/figures.ts'
import { formatMoney } from '../format/money.ts'
import { formatClockShort, formatDay, isSameDay } from '../format/time.ts'
import { strings } from '../strings.ts'
import type { LampState } from './lamp-state.ts'

export interface PlaceLine {
  readonly name: string
  readonly lamp: LampState
  readonly words: string
  readonly troubled: boolean
}

export interface LimitLine {
  /** Tells it from the others. */
  readonly id: string
  readonly name: string
  /** How much is gone, 0 to 1 and beyond. */
  readonly share: number
  readonly note: string
}

const lamps: Readonly<Record<BackendView['state'], LampState>> = {
  up: 'up',
  starting: 'loading',
  unknown: 'off',
  down: 'away',
  auth: 'failed',
  failing: 'failed',
  impostor: 'failed',
}

/** Local servers in use and hosts that are away, troubled ones first. A server says what its host says, if that is away. */
export function placeLines(backends: readonly BackendView[], network: NetworkView | undefined): readonly PlaceLine[] {
  const away = (network?.hosts ?? []).filter((host) => host.reason !== null && host.state !== 'unknown')
  const hostOf = (backend: BackendView) =>
    away.find((host) => host.services.some((service) => service.usedBy.includes(backend.name)))
  const inUse = backends.filter((backend) => backend.added)
  const told = new Set(inUse.map(hostOf))
  const servers = inUse.map((backend): PlaceLine => {
    const reason = hostOf(backend)?.reason ?? backend.reason
    const troubled = backend.state !== 'up' && backend.state !== 'starting' && backend.state !== 'unknown'
    return { name: backend.name, lamp: lamps[backend.state], words: placeWords(backend, reason), troubled }
  })
  const hosts = away
    .filter((host) => !told.has(host))
    .map((host): PlaceLine => ({ name: host.host, lamp: 'away', words: host.reason ?? '', troubled: true }))
  return [...hosts, ...servers].toSorted((one, other) => Number(other.troubled) - Number(one.troubled))
}

function placeWords(backend: BackendView, reason: string | null): string {
  const words = strings.panel
  if (backend.state === 'starting') return reason ?? words.starting
  if (backend.state === 'unknown') return words.notAsked
  if (backend.state !== 'up') return reason ?? ''
  const models = words.models(backend.label, backend.models.length)
  return backend.busy ? words.busy(models) : models
}

/** Budgets of keys and of the config, and quotas of deployments, nearest to their end first; of a deployment only its fullest limit. */
export function limitLines(keys: readonly KeyView[], quotas: QuotaList, now: number): readonly LimitLine[] {
  const ofKeys = keys
    .filter(({ blocked }) => !blocked)
    .flatMap((key) => budgetLine(key.id, key.alias ?? key.name, key.budget))
  const shared = (quotas.budgets ?? []).flatMap(({ of, name, deploymentId, budget }) =>
    budgetLine(`${of} ${deploymentId ?? name ?? ''}`, strings.panel.ownerOf(of, name ?? ''), budget),
  )
  const full = quotas.deployments.flatMap((deployment) => quotaLines(deployment, now).toSorted(fullest).slice(0, 1))
  return [...ofKeys, ...shared, ...full].toSorted(fullest)
}

const fullest = (one: LimitLine, other: LimitLine) => other.share - one.share

function budgetLine(id: string, owner: string, budget: BudgetView): readonly LimitLine[] {
  const share = budgetShare(budget)
  if (share === undefined) return []
  const left = Math.max(0, (budget.maxNanoUsd ?? 0) - budget.spentNanoUsd)
  return [{ id, name: strings.panel.budgetOf(owner), share, note: strings.panel.left(formatMoney(left)) }]
}

function quotaLines({ deploymentId, model, limits }: DeploymentQuotaView, now: number): readonly LimitLine[] {
  return limits.flatMap(({ limit, most, left, resetsAt }) => {
    if (most === null || most <= 0) return []
    const used = Math.max(0, most - left)
    const note =
      resetsAt !== null && resetsAt > now
        ? strings.panel.resets(isSameDay(resetsAt, now) ? formatClockShort(resetsAt) : formatDay(resetsAt))
        : strings.panel.used(formatTokensShort(used), formatTokensShort(most))
    return [{ id: `${deploymentId} ${limit}`, name: strings.panel.quota(model, limit), share: used / most, note }]
  })
}
