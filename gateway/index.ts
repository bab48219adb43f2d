import { join } from 'node:path'
import { assemble, type Assembly } from './assemble.ts'
import { readCatalogue } from './config/providers/catalogue.ts'
import { ConfigRefusedError, type ConfigSource, createConfigSource } from './config/config-source.ts'
import type { ConfigProblem } from './contract/status.ts'
import type { Gateway, GatewayOptions, StartedGateway } from './gateway-options.ts'
import { knownWindow } from './ledger/prices/known-windows.ts'
import { GatewayError } from './model/errors.ts'
import { createChosenStore } from './secrets/chosen-store.ts'
import { createEncryptedFile } from './secrets/encrypted-file.ts'
import { createSecretLookup, type SecretLookup } from './secrets/secret-lookup.ts'

export { databaseFileName } from './assemble.ts'
export type { Gateway, GatewayOptions, StartedGateway } from './gateway-options.ts'

/** Provider keys that a passphrase opens, where somebody chose that. */
export const secretFileName = 'secrets.enc.json'

/** Builds a gateway; nothing is opened before `start`. The composition root: it only wires. */
export function createGateway(options: GatewayOptions): Gateway {
  let config: ConfigSource | undefined
  let refused: readonly ConfigProblem[] = []
  let assembly: Assembly | undefined
  let opened: AsyncDisposableStack | undefined

  const openConfig = ({ configPath, port, host }: GatewayOptions, { lookup }: SecretLookup): ConfigSource => {
    const flags = { ...(port === undefined ? {} : { port }), ...(host === undefined ? {} : { host }) }
    try {
      return createConfigSource({
        path: configPath,
        lookup,
        catalogue: { ...readCatalogue(), windowOf: knownWindow },
        flags,
      })
    } catch (error) {
      if (error instanceof ConfigRefusedError) refused = error.problems
      throw error
    }
  }

  const start = async (): Promise<StartedGateway> => {
    await using stack = new AsyncDisposableStack()
    const file = createEncryptedFile(join(options.dataDir, secretFileName))
    const store = createChosenStore(options.secretStore, file)
    const secrets = createSecretLookup({ environment: options.environment, store })
    const source = openConfig(options, secrets)
    stack.defer(() => source.close())
    config = source
    assembly = await assemble(options, source, { lookup: secrets, store }, stack)
    const started = await assembly.listen()
    // Only now: a locked keychain must not delay the first request.
    stack.defer(askKeychain(secrets, source, options))
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
    problems: () => config?.problems() ?? refused,
  }
}

/** A locked keychain may be unlocked at any time, without telling. */
const keychainRetryMs = 30_000

/**
 * Looks up in the keychain what the environment did not give, now and after each edit, and again while it cannot be asked;
 * what is found is read in at once.
 */
function askKeychain(secrets: SecretLookup, config: ConfigSource, { logger }: GatewayOptions): () => void {
  let retry: NodeJS.Timeout | undefined
  let stopped = false
  let told = ''
  const ask = async (): Promise<void> => {
    clearTimeout(retry)
    const { failed, failure } = await secrets.fetchMissing(config.missing())
    if (failed.length === 0 || stopped) return
    // Where there is no keychain at all this is asked again for days: the log has it once.
    const news = `${failed.join()} ${failure?.message}`
    if (news !== told) logger.warn({ names: failed, err: failure }, 'the keychain could not be asked for some keys')
    told = news
    retry = setTimeout(() => void ask(), keychainRetryMs).unref()
  }
  const forget = [secrets.onFound(() => config.reload()), config.onChange(() => void ask())]
  void ask()
  return () => {
    stopped = true
    clearTimeout(retry)
    for (const remove of forget) remove()
  }
}
