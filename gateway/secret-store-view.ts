import type { SecretStoreView } from './contract/secrets.ts'
import type { ChosenStore } from './secrets/chosen-store.ts'

/** An account that nobody has: asking for it shows whether the store answers. */
const askedAccount = 'signalbox-state'

/** Where secrets are kept and whether that works now, in words. Asks the keychain, which may take its deadline. */
export async function storeView(store: ChosenStore): Promise<SecretStoreView> {
  const choice = store.choice()
  if (choice === 'environment') {
    const sentence = 'Keys come from environment variables only; nothing is kept here.'
    return { kind: 'none', state: 'ready', sentence, choices: ['keychain', 'file'] }
  }
  if (choice === 'file') return fileView(store)
  try {
    await store.get(askedAccount)
    const sentence = 'Keys are kept in the keychain of this system.'
    return { kind: 'keychain', state: 'ready', sentence, choices: ['file', 'environment'] }
  } catch (error) {
    const sentence = error instanceof Error ? error.message : 'The keychain cannot be used.'
    const state = /\blocked\b/u.test(sentence) ? 'locked' : 'unavailable'
    return { kind: 'keychain', state, sentence, choices: ['file', 'environment', 'keychain'] }
  }
}

function fileView({ file }: ChosenStore): SecretStoreView {
  const choices: SecretStoreView['choices'] = ['keychain', 'environment']
  if (!file.exists()) {
    const sentence = 'The file of keys is gone. Choose a passphrase for a new one, or another store.'
    return { kind: 'file', state: 'unavailable', sentence, choices: ['file', ...choices] }
  }
  return file.isUnlocked()
    ? { kind: 'file', state: 'ready', sentence: 'Keys are kept in a file that your passphrase opens.', choices }
    : {
        kind: 'file',
        state: 'locked',
        sentence: 'The file of keys is locked since the start. Enter its passphrase.',
        choices,
      }
}
