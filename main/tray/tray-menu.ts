import type { RequestView } from '../../gateway/contract/requests.ts'
import type { RouterView } from '../../gateway/contract/routers.ts'
import { formatMoney } from './money.ts'
import type { MenuEntry, SwitchPosition, TrayAction } from '../ports/menu.ts'
import { placeLines } from './places.ts'
import { type GatewaySnapshot, isPaused, type TrayState } from './tray-state.ts'
import { findLimitTrouble, findTrouble } from './tray-trouble.ts'

const separator: MenuEntry = { kind: 'separator' }

/** The whole menu for a state. Complete in itself: on Linux there may be nothing else to click. */
export function trayMenu(state: TrayState): MenuEntry[] {
  const { gateway } = state
  const snapshot = gateway.phase === 'running' ? state.snapshot : undefined
  const blocks = [
    headLines(state, snapshot),
    snapshot === undefined ? [] : snapshot.routers.map(routerEntry),
    snapshot === undefined ? [] : requestEntries(snapshot.requests),
    snapshot === undefined ? [] : placeLines(snapshot.backends, snapshot.network).map((text) => line(shorten(text))),
    windowEntries(state),
    [...gatewayEntries(state, snapshot), command('Quit Signalbox', { type: 'quit' })],
  ]
  return blocks
    .filter((block) => block.length > 0)
    .flatMap((block, index) => (index === 0 ? block : [separator, ...block]))
}

function headLines(state: TrayState, snapshot: GatewaySnapshot | undefined): MenuEntry[] {
  const lines = [phaseLine(state)]
  // A gateway that does not run is told by its phase line already.
  if (state.gateway.phase === 'running') {
    for (const trouble of [findTrouble(state), findLimitTrouble(state)]) {
      if (trouble !== undefined) lines.push(trouble)
    }
  }
  if (snapshot !== undefined) lines.push(...snapshot.status.config.restartNeeded, spendLine(snapshot))
  return lines.map((text) => line(shorten(text)))
}

function phaseLine(state: TrayState): string {
  const { gateway } = state
  switch (gateway.phase) {
    case 'running':
      return `${isPaused(state) ? 'Paused' : 'Running'} on ${new URL(gateway.url).host}`
    case 'starting':
      return 'Starting'
    case 'stopping':
      return gateway.restart ? 'Restarting' : 'Stopping'
    case 'stopped':
      return 'Stopped'
    case 'waiting':
      return 'Crashed, starting again'
    case 'failed':
      return gateway.message
  }
}

function spendLine({ status }: GatewaySnapshot): string {
  const { requests, billedNanoUsd, demoNanoUsd, unknownPriced } = status.spendToday
  const parts = [`${formatMoney(billedNanoUsd)} today`, count(requests, 'request')]
  if (demoNanoUsd > 0) parts.push(`${formatMoney(demoNanoUsd)} pretend`)
  if (unknownPriced > 0) parts.push(`${unknownPriced} of unknown cost`)
  return parts.join(', ')
}

/**
 * One submenu per router. All positions are neighbours: Electron makes one radio group of neighbours only, and checks
 * the first entry of a group that has none checked.
 */
function routerEntry(router: RouterView): MenuEntry {
  const choice = (label: string, position: SwitchPosition): MenuEntry => ({
    kind: 'choice',
    label,
    chosen: samePosition(router.position, position),
    action: { type: 'set-switch', router: router.name, position },
  })
  return {
    kind: 'submenu',
    label: escapeLabel(`${router.name}: ${positionWords(router.position)}`),
    entries: [
      choice('Auto', { mode: 'auto' }),
      ...pinnableTiers(router).map((tier) => choice(`Pin to ${tier}`, { mode: 'pinned', tier })),
      choice('Off', { mode: 'off' }),
    ],
  }
}

/** The configured tiers and, should the config have changed under a pin, the pinned one: the chosen position is always there. */
function pinnableTiers({ tiers, position }: RouterView) {
  const configured = tiers.map(({ tier }) => tier)
  return position.mode === 'pinned' && !configured.includes(position.tier) ? [...configured, position.tier] : configured
}

function samePosition(one: SwitchPosition, other: SwitchPosition): boolean {
  if (one.mode === 'pinned' && other.mode === 'pinned') return one.tier === other.tier
  return one.mode === other.mode
}

function positionWords(position: SwitchPosition): string {
  if (position.mode === 'pinned') return `Pinned to ${position.tier}`
  return position.mode === 'auto' ? 'Auto' : 'Off'
}

const shownRequests = 5

function requestEntries(requests: readonly RequestView[]): MenuEntry[] {
  const shown = requests.slice(0, shownRequests)
  if (shown.length === 0) return []
  const entry = (request: RequestView) =>
    command(requestWords(request), { type: 'open-dashboard', page: `#/activity/${request.id}` })
  return [line('Last requests'), ...shown.map(entry)]
}

function requestWords(request: RequestView): string {
  const letter = request.tier === null ? '–' : request.tier.charAt(0)
  return `${letter}  ${request.model ?? request.askedModel}, ${outcomeWords(request)}`
}

function outcomeWords({ phase, errorCode, costNanoUsd, priceSource }: RequestView): string {
  if (phase === 'running') return 'running'
  if (errorCode === 'client_closed_request') return 'stopped'
  if (errorCode !== null) return 'failed'
  if (costNanoUsd === null || priceSource === 'unknown') return 'cost unknown'
  return priceSource === 'demo' ? `${formatMoney(costNanoUsd)} pretend` : formatMoney(costNanoUsd)
}

function windowEntries({ gateway }: TrayState): MenuEntry[] {
  const open = command('Open dashboard', { type: 'open-dashboard' })
  const settings = command('Settings…', { type: 'open-dashboard', page: '#/settings' })
  if (gateway.phase !== 'running') return [open, settings]
  return [
    command('Connect agents', { type: 'open-dashboard', page: '#/agents' }),
    command('Copy endpoint', { type: 'copy-endpoint', url: `${gateway.url}/v1` }),
    open,
    settings,
  ]
}

function gatewayEntries(state: TrayState, snapshot: GatewaySnapshot | undefined): MenuEntry[] {
  const { gateway } = state
  switch (gateway.phase) {
    case 'running': {
      const pause = isPaused(state)
        ? command('Resume gateway', { type: 'resume-gateway' })
        : command('Pause gateway', { type: 'pause-gateway' })
      const needed = snapshot?.status.config.restartNeeded ?? []
      return needed.length === 0 ? [pause] : [command('Restart gateway', { type: 'restart-gateway' }), pause]
    }
    case 'starting':
    case 'waiting':
      return [command('Stop gateway', { type: 'stop-gateway' })]
    case 'stopping':
      return []
    case 'stopped':
      return [command('Start gateway', { type: 'start-gateway' })]
    case 'failed':
      return [...otherPort(gateway.offeredPort), command('Start gateway again', { type: 'start-gateway' })]
  }
}

function otherPort(port: number | undefined): MenuEntry[] {
  return port === undefined ? [] : [command(`Use port ${port} instead`, { type: 'start-gateway', port })]
}

function line(label: string): MenuEntry {
  return { kind: 'line', label: escapeLabel(label) }
}

function command(label: string, action: TrayAction): MenuEntry {
  return { kind: 'command', label: escapeLabel(label), action }
}

/** In a menu a single & marks the letter of the keyboard shortcut and disappears. */
function escapeLabel(label: string): string {
  return label.replaceAll('&', '&&')
}

const longestLine = 90

/** The first line of a text, short enough for a menu. The dashboard and the log have all of it. */
function shorten(message: string): string {
  const first = message.split('\n', 1)[0] ?? ''
  return first.length <= longestLine ? first : `${first.slice(0, longestLine - 1)}…`
}

function count(amount: number, noun: string): string {
  return `${amount.toLocaleString('en-US')} ${noun}${amount === 1 ? '' : 's'}`
}
