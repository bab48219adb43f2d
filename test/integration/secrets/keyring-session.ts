// Runs inside a private D-Bus session (see keyring.test.ts) and prints what the keychain did, as one line of JSON.
import { Secret } from '../../../gateway/model/secret.ts'
import { createKeyring } from '../../../gateway/secrets/keyring.ts'
import { createKeyringStore, keychainService } from '../../../gateway/secrets/keyring-store.ts'

const isSilent = process.argv[2] === 'silent'
const keyring = createKeyring({
  accounts: () => Promise.resolve(['kept', 'never-made']),
  ...(isSilent ? { deadlineMs: 300 } : {}),
})
let ticks = 0
if (isSilent) setInterval(() => (ticks += 1), 5)
const store = createKeyringStore(keyring)
const outcome: Record<string, unknown> = {}
try {
  outcome['before'] = (await store.get('kept'))?.reveal() ?? null
  await store.set('kept', new Secret('a value with ünïcode'))
  outcome['after'] = (await store.get('kept'))?.reveal() ?? null
  outcome['credentials'] = await keyring.findCredentials(keychainService)
  outcome['deletedMissing'] = await store.delete('never-made')
  if (process.argv[2] === 'delete') outcome['deleted'] = await store.delete('kept')
} catch (error) {
  outcome['error'] = (error as Error).message
}
if (isSilent) outcome['eventLoopWentOn'] = ticks > 5
process.stdout.write(`${JSON.stringify(outcome)}\n`)
process.exit(0)
