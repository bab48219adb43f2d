import type { Replay } from '../contract/replay.ts'
import type { PriceBook } from '../ledger/price-book.ts'
import { rowsKeptFrom } from '../ledger/sums/kept-rows.ts'
import type { JsonObject } from '../model/json.ts'
import { type Tier, tiers } from '../model/tier.ts'
import type { Database } from '../store/database.ts'
import { labelsOf } from '../store/label-repository.ts'
import { decideWith, type DecideAgain } from './decide-again.ts'
import { editedWords } from './edited-words.ts'
import { costsOf } from './replay-costs.ts'
import { notesOf } from './replay-notes.ts'
import { type DecidedRow, readDecidedRows } from './replay-rows.ts'
import type { ReplayTask } from './replay-task.ts'

/** What is compared, for people. */
const compares =
  'Requests that stay in their tier cost what they cost. Those that move are priced anew: the same tokens at the first model of the new tier, at the prices of then. Another model would have counted and answered a little differently.'

const mostLabels = 1000
const shownContradictions = 50

/** Decides the requests of some days again. Reads features, tiers and tokens, never text. Belongs in a thread of its own. */
export function replay(database: Database, prices: PriceBook, task: ReplayTask): Replay {
  const { saved, edited, since, until } = task
  const words = editedWords(saved, edited)
  const again = decideWith(edited, words.removed)
  const read = database.transaction(() => {
    const tally = createTally()
    const rows = readDecidedRows(database, task, (row) => addRow(tally, row, again, costsOf(prices, task)))
    return { tally, rows, labels: labelsOf(database, saved.name, mostLabels), keptFrom: rowsKeptFrom(database) }
  })
  const { tally, rows, labels, keptFrom } = read()
  const missing = tiers.filter((tier) => (edited.tiers[tier] ?? []).length === 0)
  return {
    router: saved.name,
    since,
    until,
    requests: rows.requests,
    replayed: tally.replayed,
    sampled: rows.sampled,
    withoutFeatures: rows.withoutFeatures,
    otherVersion: tally.otherVersion,
    before: tiers.map((tier) => ({ tier, ...tally.before[tier] })),
    after: tiers.map((tier) => ({ tier, ...tally.after[tier] })),
    cost: {
      beforeNanoUsd: sum(tiers.map((tier) => tally.before[tier].costNanoUsd)),
      afterNanoUsd: sum(tiers.map((tier) => tally.after[tier].costNanoUsd)),
      unknown: tally.unknown,
      compares,
    },
    moves: [...tally.moves.values()].sort((first, second) => second.requests - first.requests),
    labels: judgeLabels(labels, decideWith(saved, {}), again),
    notes: notesOf({ task, words, rows, keptFrom }),
    missingTiers: missing.length === 0 ? null : missing,
  }
}

interface Share {
  requests: number
  costNanoUsd: number
}

type Move = { -readonly [Key in keyof Replay['moves'][number]]: Replay['moves'][number][Key] }

interface Tally {
  replayed: number
  otherVersion: number
  unknown: number
  readonly before: Readonly<Record<Tier, Share>>
  readonly after: Readonly<Record<Tier, Share>>
  readonly moves: Map<string, Move>
}

function createTally(): Tally {
  const shares = (): Record<Tier, Share> => ({
    SIMPLE: { requests: 0, costNanoUsd: 0 },
    MEDIUM: { requests: 0, costNanoUsd: 0 },
    COMPLEX: { requests: 0, costNanoUsd: 0 },
    REASONING: { requests: 0, costNanoUsd: 0 },
  })
  return { replayed: 0, otherVersion: 0, unknown: 0, before: shares(), after: shares(), moves: new Map() }
}

function addRow(tally: Tally, row: DecidedRow, again: DecideAgain, costs: ReturnType<typeof costsOf>): void {
  const to = again(row.features)
  if (to === undefined) {
    tally.otherVersion += 1
    return
  }
  const from = row.tier
  const cost = costs(row, to)
  tally.replayed += 1
  tally.before[from].requests += 1
  tally.after[to].requests += 1
  if (cost === undefined) tally.unknown += 1
  else {
    tally.before[from].costNanoUsd += cost.before
    tally.after[to].costNanoUsd += cost.after
  }
  if (from === to) return
  const key = `${from} ${to}`
  const move = tally.moves.get(key) ?? { from, to, requests: 0, costNanoUsd: 0, unknown: 0 }
  move.requests += 1
  if (cost === undefined) move.unknown += 1
  else move.costNanoUsd += cost.after - cost.before
  tally.moves.set(key, move)
}

interface LabelToJudge {
  readonly id: string
  readonly tier: Tier
  readonly features: JsonObject
}

function judgeLabels(labels: readonly LabelToJudge[], before: DecideAgain, after: DecideAgain): Replay['labels'] {
  const judged = labels.flatMap(({ id, tier: label, features }) => {
    const [was, will] = [before(features), after(features)]
    return was === undefined || will === undefined ? [] : [{ id, label, before: was, after: will }]
  })
  const contradictions = judged
    .filter((one) => one.after !== one.label)
    .sort((first, second) => Number(isNew(second)) - Number(isNew(first)))
  return {
    checked: judged.length,
    contradictedBefore: judged.filter((one) => one.before !== one.label).length,
    contradictedAfter: contradictions.length,
    contradictions: contradictions.slice(0, shownContradictions),
  }
}

function isNew({ label, before }: { readonly label: Tier; readonly before: Tier }): boolean {
  return before === label
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
