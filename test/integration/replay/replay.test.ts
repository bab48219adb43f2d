import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Value } from 'typebox/value'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RouterDefinition } from '../../../gateway/config/gateway-config.ts'
import { ReplaySchema } from '../../../gateway/contract/replay.ts'
import type { RouterDraft } from '../../../gateway/contract/router-draft.ts'
import { createCatalogue } from '../../../gateway/ledger/prices/catalogue.ts'
import { createPriceBook } from '../../../gateway/ledger/prices/create-price-book.ts'
import { createOwnPrices } from '../../../gateway/ledger/prices/own-prices.ts'
import { createSqliteLedger } from '../../../gateway/ledger/sqlite-ledger.ts'
import type { RequestFacts } from '../../../gateway/model/request-facts.ts'
import { replay } from '../../../gateway/replay/replay.ts'
import { createReplays, replayTask } from '../../../gateway/replay/run-replay.ts'
import { compileRouter } from '../../../gateway/routing/complexity/compiled-router.ts'
import { editRouter } from '../../../gateway/routing/edited-router.ts'
import { promptFeatures } from '../../../gateway/routing/features.ts'
import { routeRequest } from '../../../gateway/routing/router-decision.ts'
import { createLabelRepository } from '../../../gateway/store/label-repository.ts'
import { type Database, openDatabase } from '../../../gateway/store/database.ts'
import { deploymentDouble } from '../../doubles/deployment.ts'
import { testConfig } from '../http/harness.ts'
import { recordDouble } from '../../unit/ledger/record-double.ts'

const day = 86_400_000
const now = Date.parse('2026-11-20T12:00:00Z')
const perToken = (price: string) => ({ inputPerToken: price, outputPerToken: price })
const config = testConfig({
  groups: new Map([
    ['cheap', [deploymentDouble({ id: 'cheap', modelName: 'cheap', prices: perToken('0.000001') })]],
    ['vendor/strong', [deploymentDouble({ id: 'strong', modelName: 'vendor/strong', prices: perToken('0.00001') })]],
  ]),
})
const smart = config.routers.get('smart') as RouterDefinition
const names = new Set(config.groups.keys())

/** Prompts of which the router makes SIMPLE, and COMPLEX by words of code. */
const prompts = ['hi', 'hello there, how are you today?', 'refactor this function and the class of the api']

function recordOf(id: string, text: string, given: Parameters<typeof recordDouble>[0] = { id }) {
  const facts = {
    userText: text,
    systemText: '',
    toolCount: 0,
    hasImages: false,
    bodyBytes: 1,
  } as unknown as RequestFacts
  const { decision } = routeRequest(smart, { mode: 'auto' }, facts)
  const features = promptFeatures(compileRouter(smart).measure(text, ''), facts)
  const { tier, score, reason } = decision
  const usage = { inputTokens: 90, cachedTokens: 0, cacheWriteTokens: 0, outputTokens: 10, reasoningTokens: 0 }
  const costNanoUsd = tier === 'SIMPLE' ? 100_000 : 1_000_000
  const modelName = tier === 'SIMPLE' ? 'cheap' : 'vendor/strong'
  return recordDouble({
    router: 'smart',
    tier,
    score,
    reason,
    features,
    usage,
    costNanoUsd,
    modelName,
    startedAt: now - day,
    ...given,
    id,
  })
}

let database: Database
const folder = mkdtempSync(join(tmpdir(), 'signalbox-test-'))
const path = join(folder, 'signalbox.db')
const prices = createPriceBook({ own: createOwnPrices({ providers: {} }), catalogue: createCatalogue() })

beforeAll(async () => {
  database = openDatabase(path)
  const ledger = createSqliteLedger({ database })
  const rows = [
    ...prompts.map((text, index) => recordOf(`r${index}`, text)),
    recordOf('unpriced', prompts[2] ?? '', { id: '', costNanoUsd: null }),
    recordOf('refused', prompts[0] ?? '', { id: '', costNanoUsd: null, usage: null, status: 503, firstTokenMs: null }),
    recordOf('pinned', prompts[0] ?? '', { id: '', score: null }),
    recordOf('other version', prompts[0] ?? '', { id: '', features: { v: 99 } }),
    recordOf('before', prompts[0] ?? '', { id: '', startedAt: now - 9 * day }),
    recordOf('elsewhere', prompts[0] ?? '', { id: '', router: 'other' }),
  ]
  for (const row of rows) ledger.commit(row, () => undefined)
  await ledger.flush()
  await ledger.close()
  const labels = createLabelRepository({ database })
  const label = { router: 'smart', startedAt: now, decided: 'COMPLEX', at: now } as const
  const features = recordOf('x', prompts[2] ?? '').features ?? {}
  await labels.put({ ...label, id: 'wants simple', tier: 'SIMPLE', features })
  await labels.put({ ...label, id: 'wants complex', tier: 'COMPLEX', features })
})
afterAll(() => {
  database.close()
  rmSync(folder, { recursive: true, force: true })
})

const task = (draft: RouterDraft, days = 7) =>
  replayTask(config, { saved: smart, edited: editRouter(smart, draft, names), days, now })
const run = (draft: RouterDraft, most = 1000) => replay(database, prices, { ...task(draft), mostRequests: most })

describe('the last days decided again', () => {
  it('are as they were with the same settings', () => {
    const same = run({})
    expect(Value.Check(ReplaySchema, same)).toBe(true)
    expect(same).toMatchObject({
      requests: 6,
      replayed: 5,
      sampled: false,
      withoutFeatures: 1,
      otherVersion: 1,
      moves: [],
    })
    expect(same.before).toEqual(same.after)
    expect(same.before.map(({ tier, requests }) => [tier, requests])).toEqual([
      ['SIMPLE', 3],
      ['MEDIUM', 0],
      ['COMPLEX', 2],
      ['REASONING', 0],
    ])
    expect(same.cost).toMatchObject({ beforeNanoUsd: 1_200_000, afterNanoUsd: 1_200_000, unknown: 1 })
    expect(same.labels).toMatchObject({ checked: 2, contradictedBefore: 1, contradictedAfter: 1 })
    expect(same.notes).toEqual([])
  })

  it('move with the boundaries, with the money of the same tokens and the labels it contradicts', () => {
    const moved = run({ tier_boundaries: { simple_medium: 5, medium_complex: 6, complex_reasoning: 7 } })
    expect(moved.moves).toEqual([{ from: 'COMPLEX', to: 'SIMPLE', requests: 2, costNanoUsd: -900_000, unknown: 1 }])
    expect(moved.cost).toMatchObject({ beforeNanoUsd: 1_200_000, afterNanoUsd: 300_000, unknown: 1 })
    expect(moved.labels).toMatchObject({
      contradictedBefore: 1,
      contradictedAfter: 1,
      contradictions: [{ id: 'wants complex', label: 'COMPLEX', before: 'COMPLEX', after: 'SIMPLE' }],
    })
  })

  it('cost anew where the first model of a tier is another', () => {
    const { cost, moves } = run({ tiers: { COMPLEX: ['cheap'] } })
    expect(moves).toEqual([])
    expect(cost).toMatchObject({ beforeNanoUsd: 1_200_000, afterNanoUsd: 300_000 })
  })

  it('take words away that are taken out, and say that new ones cannot be found', () => {
    const { after, notes } = run({ code_keywords: ['nothing of it'], technical_keywords: ['nor this'] })
    expect(after[0]).toMatchObject({ tier: 'SIMPLE', requests: 5 })
    expect(notes).toEqual([expect.stringMatching(/^Added code, technical words are not part of this/)])
    expect(run({ text_scope: 'system_and_user' }).notes[0]).toContain('text_scope')
  })

  it('are an even sample beyond a bound, which is said', () => {
    const { requests, replayed, sampled, notes } = run({}, 3)
    expect({ requests, sampled }).toEqual({ requests: 6, sampled: true })
    expect(replayed).toBeLessThanOrEqual(3)
    expect(notes[0]).toContain('sample')
  })

  it('run in a thread, which reports its failure', async () => {
    expect(await createReplays(path)(task({}, 30))).toMatchObject({ requests: 7 })
    const missing = createReplays(join(folder, 'none.db'))
    await expect(missing(task({}))).rejects.toMatchObject({ name: 'GatewayError' })
    await expect(missing(task({}))).rejects.toMatchObject({ name: 'GatewayError' })
  })
})
