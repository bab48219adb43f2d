import { expect, it } from 'vitest'
import { trayIcon } from '../../../../main/tray/tray-icon.ts'
import { trayMenu } from '../../../../main/tray/tray-menu.ts'
import { trayTooltip } from '../../../../main/tray/tray-tooltip.ts'
import { shownStates } from './twenty-states.ts'

it('knows twenty states at least, each once', () => {
  expect(new Set(shownStates.map(({ name }) => name)).size).toBeGreaterThanOrEqual(20)
})

it.each(shownStates)('$name', ({ state, icon, tooltip, head, commands }) => {
  const labels = trayMenu(state).map((entry) => (entry.kind === 'separator' ? '-' : entry.label))
  const windows =
    state.gateway.phase === 'running'
      ? ['Connect agents', 'Copy endpoint', 'Open dashboard', 'Settings…']
      : ['Open dashboard', 'Settings…']
  expect(labels).toEqual([...head, '-', ...windows, '-', ...commands, 'Quit Signalbox'])
  expect([trayIcon(state), trayTooltip(state)]).toEqual([icon, tooltip])
})
