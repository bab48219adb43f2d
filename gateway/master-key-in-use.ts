import { type MasterKeySource, resolveMasterKey } from './access/master-key.ts'
import type { ConfigSource } from './config/config-source.ts'
import type { GatewayOptions } from './gateway-options.ts'
import type { Secret } from './model/secret.ts'

export interface MasterKeyInUse {
  readonly secret: Secret
  readonly source: MasterKeySource
}

/**
 * Finds the master key and keeps up with the configuration: a key that an edit brings counts at once, and one that an
 * edit takes away gives way to the environment's or the stored one.
 */
export async function openMasterKey(
  options: Pick<GatewayOptions, 'environment' | 'secretStore' | 'dataDir' | 'logger'> & {
    readonly config: ConfigSource
  },
): Promise<() => MasterKeyInUse> {
  const { config, environment, secretStore, dataDir, logger } = options
  const resolve = async (before?: MasterKeyInUse): Promise<MasterKeyInUse> => {
    const resolved = await resolveMasterKey({
      configured: config.current().masterKey,
      environment,
      store: secretStore,
      dataDir,
      // A key that was made for this session stays the same until the session ends.
      ...(before?.source === 'session' ? { sessionKey: before.secret } : {}),
    })
    for (const warning of resolved.warnings) logger.warn({}, warning)
    return resolved
  }
  let stored = await resolve()
  const follow = async (): Promise<void> => {
    try {
      stored = await resolve(stored)
    } catch (failure) {
      logger.error({ err: failure }, 'the master key could not be found again after an edit')
    }
  }
  config.onChange(() => void follow())
  return () => {
    const { masterKey } = config.current()
    return masterKey.kind === 'value' ? { secret: masterKey.secret, source: 'config' } : stored
  }
}
