import { basename } from 'node:path'
import type { ConfigSource } from '../config/config-source.ts'
import type { GatewayConfig } from '../config/gateway-config.ts'
import { type ActivityFeed } from '../http/control/activity-feed.ts'
import type { Logger } from '../logging/logger.ts'
import { type RoutingState } from '../routing-state.ts'

/** Tells of every configuration that comes into effect. Gives the way to end it. */
export function followConfig(
  config: ConfigSource,
  routing: RoutingState,
  feed: ActivityFeed,
  logger: Logger,
): () => void {
  const note = async (next: GatewayConfig): Promise<void> => {
    try {
      await routing.noteConfig(next)
    } catch (failure) {
      logger.error({ err: failure }, 'that a real model was seen could not be kept')
    }
    feed.routersChanged()
    feed.statusChanged()
  }
  return config.onChange(({ config: next, changed, refused, cause }) => {
    if (cause === 'backends') feed.backendsChanged()
    else if (refused) logRefusedEdit(config, logger)
    else if (changed)
      logger.info({ revision: next.revision, restart: config.restartNeeded() }, 'a new config is in effect')
    void note(next)
  })
}

/** Places only: a problem quotes the file, and what stands in the wrong place may be a key. */
function logRefusedEdit(config: ConfigSource, logger: Logger): void {
  const places = config
    .problems()
    .filter(({ severity }) => severity === 'error')
    .map(({ file, line }) => (line === null ? basename(file) : `${basename(file)}:${line}`))
  logger.warn(
    { places: [...new Set(places)] },
    'the edited config has errors and is not in effect: `npm run cli -- config check` shows them',
  )
}
