import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createSqliteLedger } from '../../../gateway/ledger/sqlite-ledger.ts'
import { openDatabase } from '../../../gateway/store/database.ts'
import { migrations } from '../../../gateway/store/migrations/all.ts'
import { useTemporaryDirectories } from '../store/temporary-directory.ts'

const temporaryDirectory = useTemporaryDirectories()

it('rows of the first schema are read with what was true of them then', async () => {
  const path = join(temporaryDirectory(), 'signalbox.db')
  const first = openDatabase(path, { migrations: migrations.slice(0, 1) })
  const insert = first.prepare(
    `INSERT INTO requests (id, started_at, key_id, tags, dialect, asked_model, attempts, fallbacks, status, stream,
       input_tokens, cached_tokens, cache_write_tokens, output_tokens, reasoning_tokens, cost_nano_usd, price_source,
       total_ms, warnings)
     VALUES (?, 1000, 'k', '[]', 'chat-completions', 'm', '[]', 0, 200, 0, 10, 0, 4, 2, 0, 77, ?, 5, '[]')`,
  )
  insert.run('real', 'catalogue')
  insert.run('pretend', 'demo')
  first.close()
  const database = openDatabase(path)
  const ledger = createSqliteLedger({ database })
  expect(await ledger.find('real')).toMatchObject({
    costNanoUsd: 77,
    billing: 'billed',
    priceProvenance: '',
    savingsNanoUsd: null,
    userId: null,
    teamId: null,
    cache: null,
    usage: { inputTokens: 10, cachedTokens: 0, cacheWriteTokens: 4, outputTokens: 2, reasoningTokens: 0 },
  })
  expect(await ledger.find('pretend')).toMatchObject({ billing: 'demo' })
  expect(await ledger.spendSince(0)).toMatchObject({ requests: 2, billedNanoUsd: 77, demoNanoUsd: 77 })
  database.close()
})
