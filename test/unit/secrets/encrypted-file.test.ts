import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Secret } from '../../../gateway/model/secret.ts'
import { createChosenStore } from '../../../gateway/secrets/chosen-store.ts'
import { createEncryptedFile } from '../../../gateway/secrets/encrypted-file.ts'
import { createMemoryStore } from '../../../gateway/secrets/memory-store.ts'

const cheap = { n: 1024, r: 8, p: 1 }
const passphrase = new Secret('correct horse')
let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-test-'))
  path = join(folder, 'secrets.enc.json')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const open = () => createEncryptedFile(path, cheap)

describe('the file of keys', () => {
  it('gives back after a restart what was stored, to who knows the passphrase', async () => {
    const first = open()
    await first.create(passphrase)
    await first.set('A_KEY', new Secret('sk-canary-1'))
    await first.set('B_KEY', new Secret('sk-canary-2'))
    expect(await first.delete('B_KEY')).toBe(true)
    expect(await first.delete('B_KEY')).toBe(false)
    const text = readFileSync(path, 'utf8')
    expect(text).not.toContain('canary')
    expect(text).not.toContain('A_KEY')
    if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600)

    const second = open()
    expect(second.isUnlocked()).toBe(false)
    await expect(second.get('A_KEY')).rejects.toThrow(/locked/)
    await expect(second.set('A_KEY', passphrase)).rejects.toThrow(/locked/)
    expect(await second.unlock(new Secret('wrong'))).toBe(false)
    expect(second.isUnlocked()).toBe(false)
    expect(await second.unlock(passphrase)).toBe(true)
    expect((await second.get('A_KEY'))?.reveal()).toBe('sk-canary-1')
    expect(await second.get('B_KEY')).toBeUndefined()
    expect(readFileSync(path, 'utf8')).toBe(text)
  })

  it('is not made over one that is there', async () => {
    await open().create(passphrase)
    await expect(open().create(passphrase)).rejects.toThrow(/already/)
  })

  it('refuses a byte that was changed, a cost that was lowered, and what is no such file', async () => {
    const file = open()
    await file.create(passphrase)
    await file.set('A_KEY', passphrase)
    const content = JSON.parse(readFileSync(path, 'utf8')) as { data: string; kdf: { p: number } }
    const changed = Buffer.from(content.data, 'base64')
    changed[0] = (changed[0] ?? 0) ^ 1
    writeFileSync(path, JSON.stringify({ ...content, data: changed.toString('base64') }))
    expect(await open().unlock(passphrase)).toBe(false)
    writeFileSync(path, JSON.stringify({ ...content, kdf: { ...content.kdf, p: 2 } }))
    expect(await open().unlock(passphrase)).toBe(false)
    writeFileSync(path, '{"version":2}')
    await expect(open().unlock(passphrase)).rejects.toThrow(/damaged/)
    rmSync(path)
    await expect(open().unlock(passphrase)).rejects.toThrow(/no file of keys yet/)
  })
})

describe('the chosen store', () => {
  it('is the keychain, the file that is there, or nothing', async () => {
    const store = createChosenStore(createMemoryStore({ A: new Secret('1') }), open())
    expect(store.choice()).toBe('keychain')
    expect((await store.get('A'))?.reveal()).toBe('1')
    await store.file.create(passphrase)
    expect(store.choice()).toBe('file')
    expect(await store.get('A')).toBeUndefined()
    store.choose('environment')
    expect(await store.get('A')).toBeUndefined()
    await expect(store.set('A', passphrase)).rejects.toThrow(/environment variables only/)
    store.choose('keychain')
    expect(store.name).toBe('memory')
    expect(await store.delete('A')).toBe(true)
  })
})
