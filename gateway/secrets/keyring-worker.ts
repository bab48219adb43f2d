// Entry of the keychain thread, and the only file that loads @napi-rs/keyring. A thread of its own, because the library
// connects inside its constructor: a stuck keychain would hold the gateway's event loop for seconds.
import { parentPort } from 'node:worker_threads'
import type { KeyringAnswer, KeyringCall } from './keyring-messages.ts'

if (parentPort === null) throw new Error('keyring-worker.ts runs as a worker thread; use createKeyring.')
const port = parentPort

port.on('message', (call: KeyringCall) => {
  perform(call).then(
    (value) => reply({ id: call.id, ok: true, value }),
    (error: unknown) => reply({ id: call.id, ok: false, message: error instanceof Error ? error.message : 'unknown' }),
  )
})

function reply(answer: KeyringAnswer): void {
  port.postMessage(answer)
}

/**
 * On Linux each entry is pinned to the Secret Service: the library's default falls back to the kernel's keyring without
 * a word, and that one forgets everything at reboot.
 */
async function perform(call: KeyringCall): Promise<string | boolean | null> {
  const { AsyncEntry } = await import('@napi-rs/keyring')
  const entry = new AsyncEntry(call.service, call.account, { linux: { store: 'secret-service' } })
  switch (call.verb) {
    case 'get':
      return entry.getPassword()
    case 'delete':
      return entry.deletePassword()
    case 'set':
      await entry.setPassword(call.password)
      return null
  }
}
