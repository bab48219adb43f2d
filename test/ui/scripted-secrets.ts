import type { SecretList, SecretStoreView, SecretTest, SecretView } from '../../gateway/contract/secrets.ts'
import { ScriptedRefusal } from '../doubles/control-server.ts'

const keychain: SecretStoreView = {
  kind: 'keychain',
  state: 'ready',
  sentence: 'Keys are kept in the keychain of this system.',
  choices: [],
}

export const noKeychain: SecretStoreView = {
  kind: 'none',
  state: 'unavailable',
  sentence: 'There is no keychain here. Keys can be kept in a file encrypted with a passphrase, or not at all.',
  choices: ['file', 'environment'],
}

export const lockedFile: SecretStoreView = {
  kind: 'file',
  state: 'locked',
  sentence: 'The encrypted file of keys is locked: give its passphrase.',
  choices: [],
}

const secret = (name: string, part: Partial<SecretView>): SecretView => ({
  name,
  found: 'missing',
  lastFour: null,
  providers: [],
  models: [],
  wanted: true,
  stored: false,
  testable: true,
  ...part,
})

const start: readonly SecretView[] = [
  secret('MISTRAL_API_KEY', { providers: ['mistral'], models: ['mistral-small-4', 'mistral-medium-3-5'] }),
  secret('OPENAI_API_KEY', { found: 'environment', lastFour: 'f3a9', providers: ['openai'], models: ['gpt-5.5'] }),
  secret('OPENCODE_API_KEY', {
    found: 'keychain',
    lastFour: '77c1',
    stored: true,
    providers: ['opencodego'],
    models: ['opencode-kimi-k2-6'],
  }),
]

/** The routes of provider keys, which keep what they are told as the gateway does: all but the value. */
export function scriptedSecrets(firstStore: SecretStoreView = keychain) {
  let store = firstStore
  let list = start
  const replace = (name: string, part: Partial<SecretView>): SecretView => {
    const before =
      list.find((known) => known.name === name) ?? secret(name, { providers: ['anthropic'], wanted: false })
    const after = { ...before, ...part }
    list = [...list.filter((known) => known.name !== name), after].toSorted((one, other) =>
      one.name.localeCompare(other.name),
    )
    return after
  }
  return (call: string, body: unknown): unknown => {
    const { value = '', passphrase = '' } = (body ?? {}) as { value?: string; passphrase?: string }
    const [method, path = ''] = call.split(' ')
    const name = path.split('/')[3] ?? ''
    if (call === 'GET /api/secrets') {
      return { store, secrets: store.state === 'locked' ? list.map(asLocked) : [...list] } satisfies SecretList
    }
    if (call === 'POST /api/secrets/unlock') {
      store = { ...store, state: 'ready', sentence: 'Keys are kept in an encrypted file.' }
      return store
    }
    if (call === 'PUT /api/secrets/store') {
      const kind = passphrase === '' ? 'none' : 'file'
      store = { kind, state: 'ready', sentence: 'Keys are kept in an encrypted file.', choices: [] }
      return store
    }
    if (!path.startsWith('/api/secrets/')) return undefined
    if (path.endsWith('/test')) return testOf(value)
    if (method === 'PUT') {
      if (value.includes('refused')) throw new ScriptedRefusal(409, 'conflict', 'The keychain is locked. Unlock it.')
      return replace(name, { found: 'keychain', stored: true, lastFour: value.slice(-4) })
    }
    return method === 'DELETE' ? replace(name, { found: 'missing', stored: false, lastFour: null }) : undefined
  }
}

/** What is kept cannot be seen before the passphrase comes. */
function asLocked(shown: SecretView): SecretView {
  return shown.stored ? { ...shown, found: 'missing', lastFour: null } : shown
}

function testOf(value: string): SecretTest {
  const works = !value.includes('bad')
  const sentence = works ? 'Works: 27 models.' : 'The provider refuses this key with 401. Paste another one.'
  const host = 'api.mistral.ai'
  const code = works ? null : 'upstream_auth'
  return { works, results: [{ provider: 'mistral', host, works, models: works ? 27 : null, code, sentence }] }
}
