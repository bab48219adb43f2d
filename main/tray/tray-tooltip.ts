import { formatMoney } from './money.ts'
import { isPaused, type TrayState } from './tray-state.ts'
import { findLimitTrouble, findTrouble } from './tray-trouble.ts'

/** Windows cuts longer ones off. */
const longestTooltip = 127

/** One line: the trouble if there is one, else what today cost and the last tier. It tells what the icon shows. */
export function trayTooltip(state: TrayState): string {
  const line = `Signalbox: ${isPaused(state) ? 'paused' : (findLimitTrouble(state) ?? findTrouble(state) ?? summary(state))}`
  return line.length <= longestTooltip ? line : `${line.slice(0, longestTooltip - 1)}…`
}

function summary({ gateway, snapshot }: TrayState): string {
  if (gateway.phase === 'stopped') return 'stopped'
  if (gateway.phase === 'stopping') return 'stopping'
  if (gateway.phase !== 'running') return 'starting'
  if (snapshot === undefined) return 'running'
  const { spendToday, lastTier } = snapshot.status
  const spend = `${formatMoney(spendToday.billedNanoUsd)} today`
  return lastTier === null ? spend : `${spend}, last ${lastTier}`
}
