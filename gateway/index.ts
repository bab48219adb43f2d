import { assemble, type Assembly } from './assemble.ts'
import { readCatalogue } from './config/providers/catalogue.ts'
import { type ConfigSource, createConfigSource } from './config/watch/config-source.ts'
import { GatewayError } from './model/errors.ts'
import type { Gateway, GatewayOptions, StartedGateway } from './gateway-options.ts'
import { createSecretLookup, type SecretLookup } from './secrets/secret-lookup.ts'

export { databaseFileName } from './assemble.ts'
export type { Gateway, GatewayOptions, StartedGateway } from './gateway-options.ts'

/** Builds a gateway; nothing is opened before `start`. The composition root: it only wires. */
export function createGateway(options: GatewayOptions): Gateway {
  let config: ConfigSource | undefined
  let assembly: Assembly | undefined
  let opened: AsyncDisposableStack | undefined

  const start = async (): Promise<StartedGateway> => {
    await using stack = new AsyncDisposableStack()
    const secrets = createSecretLookup({ environment: options.environment, store: options.secretStore })
    config = createConfigSource({ path: options.configPath, lookup: secrets.lookup, catalogue: readCatalogue() })
    stack.defer(() => config?.close())
    if (!config.usable()) throw new GatewayError('invalid_field', 'The config file has errors.')
    assembly = await assemble(options, config, stack)
    const started = await assembly.listen()
    // Only now: a locked keychain must not delay the first request.
    stack.defer(askKeychain(secrets, config, options))
    opened = stack.move()
    return started
  }

  return {
    start,
    async stop(graceMs) {
      const stack = opened
      opened = undefined
      try {
        await assembly?.close(graceMs)
      } finally {
        await stack?.disposeAsync()
      }
    },
    status: () => {
      if (assembly === undefined) throw new GatewayError('internal_error', 'The gateway has not been started.')
      return assembly.status()
    },
    problems: () => config?.problems() ?? [],
  }
}

/** Looks up in the keychain what the environment did not give, now and after each edit; what is found is read in at once. */
function askKeychain(secrets: SecretLookup, config: ConfigSource, { logger }: GatewayOptions): () => void {
  const ask = (): void => {
    void secrets.fetchMissing(config.missing()).then(({ failed, failure }) => {
      if (failed.length > 0)
        logger.warn({ names: failed, err: failure }, 'the keychain could not be asked for some keys')
    })
  }
  const forget = [secrets.onFound(() => config.reload()), config.onChange(ask)]
  ask()
  return () => {
    for (const remove of forget) remove()
  }
}
