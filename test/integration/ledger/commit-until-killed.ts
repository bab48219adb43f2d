// Run as a child process: commits requests for ever, a few per turn, and prints each id only after its done. The parent
// kills it with SIGKILL at some moment; every id it managed to print must be in the database.
import { randomUUID } from 'node:crypto'
import { writeSync } from 'node:fs'
import { createSqliteLedger } from '../../../gateway/ledger/sqlite-ledger.ts'
import { openDatabase } from '../../../gateway/store/database.ts'
import { recordDouble } from '../../unit/ledger/record-double.ts'

const path = process.argv[2]
if (path === undefined) throw new Error('Give the path of the database.')
const database = openDatabase(path)
// Checkpoints as often as possible, so that kills hit them too.
database.pragma('wal_autocheckpoint = 5')
// Groups are large enough for the write thread, which takes over once it has started.
const ledger = createSqliteLedger({ database, databasePath: path })

function commitSome(): void {
  const size = 1 + Math.floor(Math.random() * 8)
  let open = size
  for (let place = 0; place < size; place += 1) {
    const id = randomUUID()
    ledger.commit(recordDouble({ id, startedAt: Date.now(), reason: 'x'.repeat(200) }), (error) => {
      if (error !== undefined) throw error
      writeSync(1, `${id}\n`)
      open -= 1
      if (open === 0) setImmediate(commitSome)
    })
  }
}

commitSome()
