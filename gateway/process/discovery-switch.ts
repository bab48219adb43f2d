/**
 * Reads `SIGNALBOX_DISCOVER`: `0` forbids looking for local servers, a list of ports (`11434,8080`) limits the look to
 * these ports of this machine, anything else changes nothing.
 */
export function readDiscovery(text: string | undefined): boolean | readonly number[] {
  if (text === undefined) return true
  if (text.trim() === '0') return false
  const ports = text.split(',').map((part) => Number(part.trim()))
  return ports.length > 0 && ports.every((port) => Number.isInteger(port) && port > 1 && port < 65_536) ? ports : true
}
