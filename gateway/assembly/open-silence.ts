import { probeConnection } from '../backends/network/connect-probe.ts'
import type { NetworkWatch } from '../backends/network/network-watch.ts'
import { openSocketSigns } from '../backends/network/proc-sockets.ts'
import { createSilenceWatch, type SilenceWatch } from '../backends/network/silence-watch.ts'

/** Undefined where the system does not tell of packets that are not acknowledged: slower ways find it out there. */
export function openSilence(
  watch: NetworkWatch,
  traffic: (host: string) => { readonly quietMs: number } | undefined,
  schedule: (ms: number, work: () => void) => () => void,
): SilenceWatch | undefined {
  const signs = openSocketSigns(process.platform)
  if (signs === undefined) return undefined
  return createSilenceWatch({
    signs,
    probe: probeConnection,
    now: Date.now,
    schedule,
    traffic,
    place: (host) => {
      const report = watch.report(host)
      const port = report?.wish.ports[0]
      if (report?.address === undefined || port === undefined || report.memory.state !== 'up') return undefined
      return { address: report.address, port, usualMs: report.usualMs }
    },
    onSilent: (host) => watch.fellSilent(host),
  })
}
