import { randomBytes } from 'node:crypto'
import { chmod, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { KeyReference } from '../config/gateway-config.ts'
import { Secret } from '../model/secret.ts'
import { secretDeadlineMs, withDeadline } from '../secrets/deadline.ts'
import type { SecretStore } from '../secrets/secret-store.ts'

/** Where the master key came from; `session` is lost when the gateway stops. */
export type MasterKeySource = 'config' | 'environment' | 'file' | 'keychain' | 'session'

export interface ResolvedMasterKey {
  readonly secret: Secret
  readonly source: MasterKeySource
  /** Sentences for the person who runs the gateway. */
  readonly warnings: readonly string[]
}

export interface MasterKeyOptions {
  /** `general_settings.master_key` as far as it could be resolved. */
  readonly configured: KeyReference
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly store: SecretStore
  readonly dataDir: string
  /** A key for this session that an earlier call gave: it stays the same while the keychain stays shut. */
  readonly sessionKey?: Secret
}

/** The account under which a key that we made stands in the keychain. */
export const masterKeyAccount = 'master-key'

export const masterKeyFileName = 'master.key'

/** Says that this data directory's key is in the keychain. Holds no secret. */
const markerFileName = 'master-key.in-keychain'

/**
 * Finds the master key or makes one (`sk-` and 32 random bytes, base64url). In this order: the config, the variable
 * LITELLM_MASTER_KEY, `<data-dir>/master.key` (whose mode is mended to 0600), the keychain. The file comes before the
 * keychain because reading it takes no time; the two never both hold a key that we made. A new key goes to the keychain,
 * else to the file. Takes at most the store's own deadline. Rejects when the file cannot be read or written.
 *
 * Where the key is known to be in a keychain that does not answer now, no second key is made: a new one in the file would
 * shut out every agent for good. A key for this session serves, with a warning.
 */
export async function resolveMasterKey(options: MasterKeyOptions): Promise<ResolvedMasterKey> {
  const warnings: string[] = []
  if (options.configured.kind === 'value') return { secret: options.configured.secret, source: 'config', warnings }
  if (options.configured.kind === 'missing') {
    warnings.push(
      `The config's master_key names ${options.configured.names.join(', ')}, which is not set. Another master key serves: see \`npm run cli -- keys show\`.`,
    )
  }
  const variable = options.environment['LITELLM_MASTER_KEY']
  if (variable !== undefined && variable.trim() !== '') {
    return { secret: new Secret(variable.trim()), source: 'environment', warnings }
  }
  const path = join(options.dataDir, masterKeyFileName)
  const fromFile = await readKeyFile(path)
  if (fromFile !== undefined) return { secret: fromFile, source: 'file', warnings }
  return fromKeychainOrNew(options, path, warnings)
}

async function fromKeychainOrNew(
  options: MasterKeyOptions,
  path: string,
  warnings: string[],
): Promise<ResolvedMasterKey> {
  const markerPath = join(options.dataDir, markerFileName)
  const made = options.sessionKey ?? new Secret(`sk-${randomBytes(32).toString('base64url')}`)
  const answer = await askStore(options.store, made)
  if (answer instanceof Secret) {
    await writeFile(markerPath, '', { mode: 0o600 })
    return { secret: answer, source: 'keychain', warnings }
  }
  if (await exists(markerPath)) {
    warnings.push(
      `The master key is in the keychain, which cannot be read now. ${answer.message} A key for this session only is in use; restart when the keychain is open, or delete ${markerPath} to have a lasting new key made.`,
    )
    return { secret: made, source: 'session', warnings }
  }
  await writeKeyFile(path, made)
  return { secret: made, source: 'file', warnings }
}

/** The key the store has, else `made` after the store took it, else why it cannot be used. All within one deadline. */
async function askStore(store: SecretStore, made: Secret): Promise<Secret | Error> {
  const ask = async (): Promise<Secret> => {
    const kept = await store.get(masterKeyAccount)
    if (kept === undefined) await store.set(masterKeyAccount, made)
    return kept ?? made
  }
  try {
    return await withDeadline(secretDeadlineMs, ask, () => new Error(`The ${store.name} did not answer in time.`))
  } catch (error) {
    return error instanceof Error ? error : new Error(`The ${store.name} failed.`)
  }
}

/** Undefined when there is no file or it is empty; its mode is mended when others may read it. */
async function readKeyFile(path: string): Promise<Secret | undefined> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  if (process.platform !== 'win32' && ((await stat(path)).mode & 0o077) !== 0) await chmod(path, 0o600)
  const key = text.trim()
  return key === '' ? undefined : new Secret(key)
}

/** Written beside and renamed into place, so that a crash leaves a whole key or none. The data directory is locked by then. */
async function writeKeyFile(path: string, key: Secret): Promise<void> {
  const temporary = `${path}.${process.pid}.new`
  try {
    const file = await open(temporary, 'w', 0o600)
    try {
      await file.writeFile(`${key.reveal()}\n`)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
  } finally {
    await rm(temporary, { force: true })
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch {
    return false
  }
}
