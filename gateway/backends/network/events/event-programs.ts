import { createProgramEvents, type EventProgram, type NetworkEvents } from './network-events.ts'

/** Linux: `ip -o monitor` (ip-monitor(8)) prints one line per netlink message; no privilege is needed to listen. */
export const linuxEvents: EventProgram = {
  name: 'ip monitor',
  complete: true,
  command: 'ip',
  args: ['-o', 'monitor', 'link', 'address', 'route', 'rule'],
  // Neighbours that come and go are not asked for, but old versions print them.
  isChange: (line) => line.trim() !== '' && !/\b(?:REACHABLE|STALE|DELAY|PROBE|lladdr)\b/.test(line),
}

/** macOS: `route -n monitor` (route(8)) prints a block per routing message, each with its type at the start of a line. */
export const macEvents: EventProgram = {
  name: 'route monitor',
  complete: true,
  command: 'route',
  args: ['-n', 'monitor'],
  isChange: (line) => /^RTM_(?:ADD|DELETE|CHANGE|NEWADDR|DELADDR|IFINFO2?|IFANNOUNCE)\b/.test(line),
}

const windowsScript = [
  'Register-ObjectEvent -InputObject ([System.Net.NetworkInformation.NetworkChange]) -EventName NetworkAddressChanged -SourceIdentifier address | Out-Null',
  'Register-ObjectEvent -InputObject ([System.Net.NetworkInformation.NetworkChange]) -EventName NetworkAvailabilityChanged -SourceIdentifier availability | Out-Null',
  "while ($true) { $event = Wait-Event; Remove-Event -EventIdentifier $event.EventIdentifier; [Console]::Out.WriteLine('changed ' + $event.SourceIdentifier) }",
].join('; ')

/** Windows: .NET's NetworkChange in one long-lived PowerShell. It tells of addresses, not of routes: those are asked for beside it. */
export const windowsEvents: EventProgram = {
  name: 'NetworkChange',
  complete: false,
  command: 'powershell.exe',
  args: ['-NoLogo', '-NoProfile', '-NonInteractive', '-Command', windowsScript],
  isChange: (line) => line.startsWith('changed '),
}

/** How this system tells of changes; undefined = it is asked now and then. */
export function networkEventsOf(platform: NodeJS.Platform): NetworkEvents | undefined {
  const programs: Partial<Record<NodeJS.Platform, EventProgram>> = {
    linux: linuxEvents,
    darwin: macEvents,
    win32: windowsEvents,
  }
  const program = programs[platform]
  return program === undefined ? undefined : createProgramEvents(program)
}
