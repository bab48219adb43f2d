import { describe, expect, it } from 'vitest'
import { Secret } from '../../../gateway/model/secret.ts'
import type { Keyring } from '../../../gateway/secrets/keyring.ts'
import { explainKeyringFailure } from '../../../gateway/secrets/keyring-failure.ts'
import { createKeyringStore } from '../../../gateway/secrets/keyring-store.ts'
import { SecretStoreError } from '../../../gateway/secrets/secret-store-error.ts'
import { createEnvironmentStore } from '../../../gateway/secrets/environment-store.ts'
import { openSecretStore } from '../../../gateway/secrets/open-secret-store.ts'

function createFakeKeyring(overrides: Partial<Keyring> = {}) {
  const items = new Map<string, string>()
  const calls: string[] = []
  const keyring: Keyring = {
    getPassword: (_service, account) => {
      calls.push(`get ${account}`)
      return Promise.resolve(items.get(account) ?? null)
    },
    setPassword: (_service, account, password) => {
      calls.push(`set ${account}`)
      items.set(account, password)
      return Promise.resolve()
    },
    deletePassword: (_service, account) => Promise.resolve(items.delete(account)),
    findCredentials: () => Promise.resolve([]),
    ...overrides,
  }
  return { keyring, items, calls }
}

describe('the keychain as a store', () => {
  it('probes once, leaves nothing of the probe, and tells absent from present', async () => {
    const { keyring, items, calls } = createFakeKeyring()
    const store = createKeyringStore(keyring)
    expect(await store.get('A')).toBeUndefined()
    await store.set('A', new Secret('value'))
    expect((await store.get('A'))?.reveal()).toBe('value')
    expect([...items.keys()]).toEqual(['A'])
    expect(calls.filter((call) => call.startsWith('set signalbox-probe'))).toHaveLength(1)
    expect(await store.delete('A')).toBe(true)
    expect(await store.delete('A')).toBe(false)
  })

  it('never calls a key absent when the keychain only says so because it cannot write', async () => {
    const failure = new SecretStoreError('keychain', 'no keyring')
    const { keyring } = createFakeKeyring({ setPassword: () => Promise.reject(failure) })
    await expect(createKeyringStore(keyring).get('A')).rejects.toBe(failure)
  })

  it('refuses a keychain that forgets', async () => {
    const { keyring } = createFakeKeyring({ getPassword: () => Promise.resolve(null) })
    await expect(createKeyringStore(keyring).get('A')).rejects.toThrow(/did not give it back/)
  })

  it('probes again after a failure: the keychain may have been unlocked', async () => {
    let locked = true
    const { keyring, items } = createFakeKeyring()
    const store = createKeyringStore({
      ...keyring,
      setPassword: (service, account, password) =>
        locked ? Promise.reject(new Error('locked')) : keyring.setPassword(service, account, password),
    })
    await expect(store.get('A')).rejects.toThrow('locked')
    locked = false
    items.set('A', 'value')
    expect((await store.get('A'))?.reveal()).toBe('value')
  })
})

describe('the sentence for a failing keychain', () => {
  it.each([
    ['Platform failure: DBus error: Using X11 for dbus-daemon autolaunch was disabled at compile time', /session bus/],
    ['The name org.freedesktop.secrets was not provided by any .service files', /gnome-keyring/],
    ["Couldn't access platform storage: Secret Service: no result found", /no keyring to write to/],
    ['Secret Service: unlock prompt was dismissed', /locked/],
    ['Cannot find native binding', /npm ci/],
    ['something new', /cannot be used/],
  ])('%s', (text, expected) => {
    const error = explainKeyringFailure(new Error(text), 'linux')
    expect(error.message).toMatch(expected)
    expect(error.message).toContain('environment variables')
  })
})

describe('other stores', () => {
  it('the environment can be read and not changed', async () => {
    const store = createEnvironmentStore({ A: 'value', EMPTY: '' })
    expect((await store.get('A'))?.reveal()).toBe('value')
    expect(await store.get('EMPTY')).toBeUndefined()
    await expect(store.set('A', new Secret('other'))).rejects.toThrow(SecretStoreError)
  })

  it('SIGNALBOX_KEYCHAIN=0 means that the keychain is never asked', async () => {
    await expect(openSecretStore({ SIGNALBOX_KEYCHAIN: '0' }).get('A')).rejects.toThrow(/SIGNALBOX_KEYCHAIN=0/)
  })
})
