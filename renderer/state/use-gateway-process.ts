import { useQuery } from '@tanstack/react-query'
import type { DesktopView } from '../../gateway/contract/desktop.ts'
import { desktopBridge } from './desktop-bridge.ts'

const everyMs = 1_000

/**
 * What the desktop application knows of the gateway's process, asked again each second: the one thing that can be known
 * while the gateway does not answer. Undefined in a browser, and until the first answer.
 */
export function useGatewayProcess(): DesktopView['gateway'] | undefined {
  const bridge = desktopBridge()
  const { data } = useQuery({
    queryKey: ['gateway process'],
    queryFn: async () => (await bridge?.view())?.gateway ?? null,
    enabled: bridge !== undefined,
    refetchInterval: everyMs,
    // The last look may be of another outage.
    gcTime: 0,
  })
  return data ?? undefined
}
