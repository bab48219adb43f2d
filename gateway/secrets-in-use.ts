import type { AuditLog } from './access/audit-log.ts'
import type { ConfigSource } from './config/config-source.ts'
import { type ProviderCatalogue, readCatalogue } from './config/providers/catalogue.ts'
import type { SecretStoreChoice, SecretStoreView, SecretTest, SecretView } from './contract/secrets.ts'
import type { DeskDependencies } from './http/desk-dependencies.ts'
import type { Logger } from './logging/logger.ts'
import { GatewayError } from './model/errors.ts'
import { Secret } from './model/secret.ts'
import type { ModelEntriesReader } from './providers/model-list.ts'
import { testSecret } from './secret-test.ts'
import { type SecretUse, secretUses } from './secret-uses.ts'
import { type ChosenStore, storeChoices } from './secrets/chosen-store.ts'
import type { SecretLookup } from './secrets/secret-lookup.ts'
import { SecretStoreError } from './secrets/secret-store-error.ts'
import { storeView } from './secret-store-view.ts'
import type { SettingsRepository } from './store/settings-repository.ts'

export interface SecretsInUseParts {
  readonly config: ConfigSource
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly lookup: SecretLookup
  readonly store: ChosenStore
  readonly settings: SettingsRepository
  readonly audit: Pick<AuditLog, 'note'>
  readonly logger: Pick<Logger, 'warn'>
  readonly readEntries: ModelEntriesReader
}

const choiceKey = 'secrets.store'
/** The list of accounts is ours: a keychain's own cannot be read everywhere. */
const namesKey = 'secrets.names'

/** Opens the secrets of a running gateway: where each is, and the way to store, test and remove it. */
export async function openSecretsInUse(parts: SecretsInUseParts): Promise<{
  readonly secrets: DeskDependencies['secrets']
  /** Looks up what was stored, also for providers that the config does not name yet. Only once the gateway listens. */
  readonly fetchStored: () => void
}> {
  const { settings, store, lookup } = parts
  const kept = await settings.get(choiceKey)
  const choice = storeChoices.find((known) => known === kept)
  if (choice !== undefined) store.choose(choice)
  const secrets = new SecretsInUse(parts, readCatalogue(), await storedNames(settings))
  return { secrets, fetchStored: () => void lookup.fetchMissing(secrets.names()) }
}

async function storedNames(settings: Pick<SettingsRepository, 'get'>): Promise<ReadonlySet<string>> {
  const names = await settings.get(namesKey)
  return new Set(Array.isArray(names) ? names.filter((name) => typeof name === 'string') : [])
}

class SecretsInUse {
  readonly #parts: SecretsInUseParts
  readonly #catalogue: ProviderCatalogue
  #stored: ReadonlySet<string>

  constructor(parts: SecretsInUseParts, catalogue: ProviderCatalogue, stored: ReadonlySet<string>) {
    this.#parts = parts
    this.#catalogue = catalogue
    this.#stored = stored
  }

  names(): string[] {
    return [...this.#stored]
  }

  async list() {
    const shown = this.#views().filter(isShown)
    return { store: await this.storeView(), secrets: shown.sort(byNeed) }
  }

  storeView(): Promise<SecretStoreView> {
    return storeView(this.#parts.store)
  }

  /** @throws GatewayError `conflict` without a store, `secrets_locked` */
  async save(name: string, value: Secret): Promise<SecretView> {
    const { store, lookup, audit } = this.#parts
    await explained(() => store.set(name, value))
    await this.#remember(new Set([...this.#stored, name]))
    audit.note('secret.saved', name, { store: store.name })
    lookup.put(name, value)
    return this.#viewOf(name)
  }

  /** @throws GatewayError `not_found`, and as `save` */
  async remove(name: string): Promise<SecretView> {
    const { store, lookup, audit } = this.#parts
    const deleted = await explained(() => store.delete(name))
    if (this.#stored.has(name)) await this.#remember(new Set([...this.#stored].filter((known) => known !== name)))
    if (!deleted) throw new GatewayError('not_found', `${name} is not stored here, so there is nothing to remove.`)
    audit.note('secret.deleted', name, { store: store.name })
    lookup.forget(name)
    return this.#viewOf(name)
  }

  /** @throws GatewayError `provider_key_missing` without a value, `not_found` where no provider can be asked */
  test(name: string, typed: Secret | undefined, provider: string | undefined): Promise<SecretTest> {
    const { lookup, readEntries } = this.#parts
    const known = lookup.lookup(name)
    const value = typed ?? (known === undefined ? undefined : new Secret(known))
    const use = this.#uses().get(name)
    return testSecret({ name, value, provider, places: use?.places ?? new Map() }, readEntries)
  }

  async chooseStore(choice: SecretStoreChoice): Promise<SecretStoreView> {
    const { store, settings, audit, lookup } = this.#parts
    const { file } = store
    if (choice.kind === 'file') {
      const passphrase = new Secret(choice.passphrase)
      if (!file.exists()) await explained(() => file.create(passphrase))
      else if (!(await explained(() => file.unlock(passphrase)))) throw wrongPassphrase()
    }
    // What the store of before gave is not this one's.
    for (const { name, found } of this.#views()) if (found === 'keychain' || found === 'file') lookup.forget(name)
    store.choose(choice.kind)
    await settings.set(choiceKey, choice.kind)
    audit.note('secrets.store_chosen', choice.kind, {})
    await this.#lookAgain()
    return this.storeView()
  }

  /** @throws GatewayError `invalid_passphrase`, `conflict` where there is nothing that a passphrase opens */
  async unlock(passphrase: Secret | undefined): Promise<SecretStoreView> {
    const { store, audit } = this.#parts
    if (passphrase !== undefined) {
      if (store.choice() !== 'file') {
        throw new GatewayError('conflict', 'Keys are not kept in a file with a passphrase. Choose that store first.')
      }
      if (!(await explained(() => store.file.unlock(passphrase)))) throw wrongPassphrase()
      audit.note('secrets.unlocked', 'file', {})
    }
    await this.#lookAgain()
    return this.storeView()
  }

  async #lookAgain(): Promise<void> {
    const { lookup, config, logger } = this.#parts
    const { failure } = await lookup.fetchMissing([...config.missing(), ...this.#stored], true)
    if (failure !== undefined) logger.warn({ err: failure }, 'the store of secrets could not be asked')
  }

  async #remember(names: ReadonlySet<string>): Promise<void> {
    await this.#parts.settings.set(namesKey, [...names])
    this.#stored = names
  }

  #uses(): ReadonlyMap<string, SecretUse> {
    const { config } = this.#parts
    return secretUses(config.current(), this.#catalogue, config.missing())
  }

  #views(): SecretView[] {
    return [...this.#uses().values()].map((use) => this.#view(use))
  }

  #viewOf(name: string): SecretView {
    const unknown: SecretUse = { name, places: new Map(), models: [], wanted: false, hasValue: false }
    return this.#view(this.#uses().get(name) ?? unknown)
  }

  #view({ name, places, models, wanted, hasValue }: SecretUse): SecretView {
    const { environment, lookup, store } = this.#parts
    const value = lookup.lookup(name)
    const found = ((): SecretView['found'] => {
      if ((environment[name] ?? '') !== '') return 'environment'
      if (value !== undefined) return store.choice() === 'file' ? 'file' : 'keychain'
      return hasValue ? 'config' : 'missing'
    })()
    return {
      name,
      found,
      lastFour: value !== undefined && value.length >= shortestShown ? value.slice(-4) : null,
      providers: [...places.keys()],
      models: [...models],
      wanted,
      // What an import put there is stored, too.
      stored: this.#stored.has(name) || found === 'keychain' || found === 'file',
      testable: places.size > 0,
    }
  }
}

/** Of a shorter one four characters would be too much. */
const shortestShown = 12

function isShown({ wanted, found, stored }: SecretView): boolean {
  return wanted || stored || found !== 'missing'
}

function byNeed(first: SecretView, second: SecretView): number {
  const need = ({ wanted, found }: SecretView): number => (wanted && found === 'missing' ? 0 : 1)
  return need(first) - need(second) || first.name.localeCompare(second.name)
}

function wrongPassphrase(): GatewayError {
  return new GatewayError('invalid_passphrase', 'This passphrase does not open the file of keys. Nothing was changed.')
}

/** A store that cannot be used says why, and what else there is. */
async function explained<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof SecretStoreError)) throw error
    const code = /\blocked\b/u.test(error.message) ? 'secrets_locked' : 'conflict'
    throw new GatewayError(code, error.message, { cause: error })
  }
}
