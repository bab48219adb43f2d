import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { type Static, Type } from 'typebox'
import { Value } from 'typebox/value'
import { Secret } from '../model/secret.ts'
import { SecretStoreError } from './secret-store-error.ts'
import type { SecretStore } from './secret-store.ts'

/**
 * Secrets in a file that a passphrase opens, for machines without a keychain. scrypt and AES-256-GCM are Node's own: its
 * scrypt runs beside the event loop, where the age libraries for JavaScript would hold every request for a second.
 * Nothing of the file is of use without the passphrase, and a changed byte is noticed.
 */
export interface EncryptedFile extends SecretStore {
  exists(): boolean
  isUnlocked(): boolean
  /** Makes an empty file. Throws SecretStoreError when there is one. */
  create(passphrase: Secret): Promise<void>
  /** False when the passphrase is another one. Throws SecretStoreError when the file is damaged. */
  unlock(passphrase: Secret): Promise<boolean>
}

const FileSchema = Type.Object({
  version: Type.Literal(1),
  kdf: Type.Object({
    name: Type.Literal('scrypt'),
    n: Type.Integer({ minimum: 1024, maximum: 4_194_304 }),
    r: Type.Integer({ minimum: 1, maximum: 32 }),
    p: Type.Integer({ minimum: 1, maximum: 16 }),
    salt: Type.String(),
  }),
  nonce: Type.String(),
  tag: Type.String(),
  data: Type.String(),
})

type FileContent = Static<typeof FileSchema>
type Kdf = FileContent['kdf']

const cipher = 'aes-256-gcm'
/** About 128 MiB and a second on a laptop of today. */
const usualCost = { n: 131_072, r: 8, p: 1 }

interface Unlocked {
  readonly key: Buffer
  readonly kdf: Kdf
  readonly secrets: Map<string, Secret>
}

/** @param cost of the derivation; tests take less */
export function createEncryptedFile(path: string, cost: Omit<Kdf, 'name' | 'salt'> = usualCost): EncryptedFile {
  let unlocked: Unlocked | undefined

  const opened = (): Unlocked => {
    if (unlocked !== undefined) return unlocked
    throw new SecretStoreError('file', 'The file with the keys is locked. Unlock it at Settings, Secrets.')
  }
  const save = ({ key, kdf, secrets }: Unlocked): void => writeWhole(path, seal(key, kdf, secrets))

  return {
    name: 'file',
    exists: () => existsSync(path),
    isUnlocked: () => unlocked !== undefined,
    async create(passphrase) {
      if (existsSync(path)) throw new SecretStoreError('file', `There is a file of keys already: ${path}. Unlock it.`)
      const kdf: Kdf = { name: 'scrypt', ...cost, salt: randomBytes(16).toString('base64') }
      const fresh = { key: await deriveKey(passphrase, kdf), kdf, secrets: new Map<string, Secret>() }
      save(fresh)
      unlocked = fresh
    },
    async unlock(passphrase) {
      const content = readContent(path)
      const key = await deriveKey(passphrase, content.kdf)
      const secrets = open(key, content)
      if (secrets === undefined) return false
      unlocked = { key, kdf: content.kdf, secrets }
      return true
    },
    get: (account) => inPromise(() => opened().secrets.get(account)),
    set: (account, value) =>
      inPromise(() => {
        const before = opened()
        const next = { ...before, secrets: new Map(before.secrets).set(account, value) }
        save(next)
        unlocked = next
      }),
    delete: (account) =>
      inPromise(() => {
        const before = opened()
        const secrets = new Map(before.secrets)
        if (!secrets.delete(account)) return false
        const next = { ...before, secrets }
        save(next)
        unlocked = next
        return true
      }),
  }
}

async function inPromise<Result>(work: () => Result): Promise<Result> {
  return work()
}

function deriveKey(passphrase: Secret, { n, r, p, salt }: Kdf): Promise<Buffer> {
  const options = { N: n, r, p, maxmem: 256 * n * r }
  return new Promise((resolve, reject) => {
    scrypt(passphrase.reveal().normalize('NFKC'), Buffer.from(salt, 'base64'), 32, options, (error, key) => {
      if (error === null) resolve(key)
      else
        reject(new SecretStoreError('file', 'The passphrase could not be made into a key: too little memory.', error))
    })
  })
}

/** What the key was made with is authenticated too, so that nobody can weaken it unseen. */
function seal(key: Buffer, kdf: Kdf, secrets: ReadonlyMap<string, Secret>): FileContent {
  const nonce = randomBytes(12)
  const sealing = createCipheriv(cipher, key, nonce).setAAD(headOf(kdf))
  const plain = JSON.stringify(Object.fromEntries([...secrets].map(([name, value]) => [name, value.reveal()])))
  const data = Buffer.concat([sealing.update(plain, 'utf8'), sealing.final()]).toString('base64')
  return { version: 1, kdf, nonce: nonce.toString('base64'), tag: sealing.getAuthTag().toString('base64'), data }
}

function open(key: Buffer, { kdf, nonce, tag, data }: FileContent): Map<string, Secret> | undefined {
  try {
    const opening = createDecipheriv(cipher, key, Buffer.from(nonce, 'base64'), { authTagLength: 16 })
    opening.setAAD(headOf(kdf)).setAuthTag(Buffer.from(tag, 'base64'))
    const plain = Buffer.concat([opening.update(data, 'base64'), opening.final()]).toString('utf8')
    const values = Object.entries(JSON.parse(plain) as Record<string, string>)
    return new Map(values.map(([name, value]) => [name, new Secret(value)]))
  } catch {
    return undefined
  }
}

function headOf({ name, n, r, p, salt }: Kdf): Buffer {
  return Buffer.from(JSON.stringify([1, name, n, r, p, salt]), 'utf8')
}

function readContent(path: string): FileContent {
  try {
    const content: unknown = JSON.parse(readFileSync(path, 'utf8'))
    if (Value.Check(FileSchema, content)) return content
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      throw new SecretStoreError('file', 'There is no file of keys yet. Choose a passphrase for a new one.')
    }
  }
  throw new SecretStoreError('file', `The file of keys is damaged: ${path}. Restore it from a backup, or delete it.`)
}

/** Whole or not at all, and for nobody else's eyes. */
function writeWhole(path: string, content: FileContent): void {
  const temporary = `${path}.${process.pid}.tmp`
  writeFileSync(temporary, `${JSON.stringify(content, undefined, 2)}\n`, { mode: 0o600, flush: true })
  renameSync(temporary, path)
}
