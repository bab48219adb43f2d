import { basename } from 'node:path'
import type { AuditLog } from '../access/audit-log.ts'
import type { ConfigSource } from '../config/config-source.ts'
import type { GatewayConfig } from '../config/gateway-config.ts'
import type { ActivityFeed } from '../http/control/activity-feed.ts'
import type { Logger } from '../logging/logger.ts'
import type { RoutingState } from '../routing-state.ts'

export interface ConfigFollowers {
  readonly config: ConfigSource
  readonly routing: RoutingState
  readonly feed: ActivityFeed
  readonly logger: Logger
  readonly audit: AuditLog
}

/** Tells of every configuration that comes into effect, and notes it. Gives the way to end it. */
export function followConfig({ config, routing, feed, logger, audit }: ConfigFollowers): () => void {
  let revision = config.current().revision
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
    if (cause === 'backends') {
      feed.backendsChanged()
      revision = next.revision
    } else if (refused) {
      const places = placesOfErrors(config)
      logger.warn(
        { places },
        'the edited config has errors and is not in effect: `npm run cli -- config check` shows them',
      )
      audit.note('config.refused', next.path, { places }, 'config file')
    } else if (changed) {
      logger.info({ revision: next.revision, restart: config.restartNeeded() }, 'a new config is in effect')
      audit.note('config.applied', next.path, { revision: next.revision, before: revision }, 'config file')
      revision = next.revision
    }
    void note(next)
  })
}

/** Places only: a problem quotes the file, and what stands in the wrong place may be a key. */
function placesOfErrors(config: ConfigSource): string[] {
  const places = config
    .problems()
    .filter(({ severity }) => severity === 'error')
    .map(({ file, line }) => (line === null ? basename(file) : `${basename(file)}:${line}`))
  return [...new Set(places)]
}
