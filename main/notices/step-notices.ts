import type { NetworkView } from '../../gateway/contract/network.ts'
import type { GatewayStatus } from '../../gateway/contract/status.ts'
import { isNear, isReached, type Limit } from '../tray/limits.ts'
import type { TrayState } from '../tray/tray-state.ts'
import type { Notice } from './notice.ts'

/** What was told already. Each part is undefined until it was first heard of: what holds then is no news. */
export interface NoticeMemory {
  /** How far each limit was when it was last looked at: 0 room, 1 near, 2 reached. */
  readonly limits: ReadonlyMap<string, Level> | undefined
  readonly vpn: 'on' | 'lost' | undefined
  readonly vanished: ReadonlySet<string> | undefined
}

type Level = 0 | 1 | 2

const slackShare = 0.05

export const emptyMemory: NoticeMemory = { limits: undefined, vpn: undefined, vanished: undefined }

export interface NoticeStep {
  readonly memory: NoticeMemory
  readonly notices: readonly Notice[]
}

/**
 * What is new in a state of the tray, and what to remember of it. Pure. A gateway that is away leaves the memory as it
 * is, so that its restart tells nothing twice.
 */
export function stepNotices(memory: NoticeMemory, { snapshot }: TrayState): NoticeStep {
  if (snapshot === undefined) return { memory, notices: [] }
  const limits = stepLimits(memory.limits, snapshot.limits)
  const vpn = stepVpn(memory.vpn, snapshot.network)
  const vanished = stepVanished(memory.vanished, snapshot.status)
  return {
    memory: { limits: limits.memory, vpn: vpn.memory, vanished: vanished.memory },
    notices: [...limits.notices, ...vpn.notices, ...vanished.notices],
  }
}

interface Part<Memory> {
  readonly memory: Memory
  readonly notices: readonly Notice[]
}

function stepLimits(
  before: NoticeMemory['limits'],
  limits: readonly Limit[] | undefined,
): Part<NoticeMemory['limits']> {
  if (limits === undefined) return { memory: before, notices: [] }
  const levels = new Map(limits.map((limit) => [limit.id, keptLevel(limit, before?.get(limit.id) ?? 0)]))
  if (before === undefined) return { memory: levels, notices: [] }
  const notices = limits.flatMap((limit) => {
    const level = levelOf(limit)
    return level > (before.get(limit.id) ?? 0) ? limitNotice(limit, level) : []
  })
  return { memory: levels, notices }
}

function levelOf(limit: Limit): Level {
  if (isReached(limit)) return 2
  return isNear(limit) ? 1 : 0
}

/** What is held for running requests comes back in part: a step down counts only when it is more than that. */
function keptLevel(limit: Limit, before: Level): Level {
  const kept = levelOf({ ...limit, share: limit.share + slackShare })
  const level = levelOf(limit)
  return before > level && kept >= before ? before : level
}

/** A quota that is near its end is no news: the next model takes over. */
function limitNotice({ kind, name, page, share }: Limit, level: Level): readonly Notice[] {
  if (kind === 'quota') {
    const body = 'Requests go to other models until there is room again.'
    return level === 2 ? [{ kind, title: `Quota full: ${name}`, body, page }] : []
  }
  if (level === 2)
    return [{ kind, title: `${name} is used up`, body: 'Requests under it are refused from now on.', page }]
  const body = 'At 100 % requests under it are refused.'
  return [{ kind, title: `${name}: ${Math.floor(share * 100)} % used`, body, page }]
}

function stepVpn(before: NoticeMemory['vpn'], network: NetworkView | undefined): Part<NoticeMemory['vpn']> {
  const state = network?.vpn.state
  const hosts = network?.vpn.neededBy.join(', ') ?? ''
  const page = '#/backends'
  if (state === 'on') {
    const back: Notice = { kind: 'vpn', title: 'VPN is back', body: `In use again: ${hosts}.`, page }
    return { memory: 'on', notices: before === 'lost' ? [back] : [] }
  }
  if (state === 'off' || state === 'stalled') {
    const body = network?.vpn.sentence ?? `Not reached: ${hosts}.`
    const lost: Notice = { kind: 'vpn', title: state === 'off' ? 'VPN lost' : 'VPN stalled', body, page }
    return { memory: 'lost', notices: before === 'on' ? [lost] : [] }
  }
  return { memory: before, notices: [] }
}

function stepVanished(before: NoticeMemory['vanished'], status: GatewayStatus): Part<NoticeMemory['vanished']> {
  const models = status.vanishedModels ?? []
  const memory = new Set(models.map(({ model }) => model))
  if (before === undefined) return { memory, notices: [] }
  const notices = models
    .filter(({ model }) => !before.has(model))
    .map(
      ({ model, sentence }): Notice => ({ kind: 'model', title: `${model} is gone`, body: sentence, page: '#/models' }),
    )
  return { memory, notices }
}
