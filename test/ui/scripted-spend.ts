import type { Static } from 'typebox'
import type { SpendPointSchema, SpendReport, SpendRow, SpendSums } from '../../gateway/contract/spend.ts'
import { sumsDouble } from '../doubles/spend-sums.ts'

/** Requests of one kind in the scripted week: what they are, and dollars per day, oldest first. */
interface Stream {
  readonly tier: string | null
  readonly model: string
  readonly provider: string
  readonly agent: string
  readonly key: string
  readonly billing?: 'flat_rate' | 'local'
  readonly dollars: readonly number[]
}

const days = ['12', '13', '14', '15', '16', '17', '18'].map((day) => `2026-11-${day}`)
const evenly = [0.6, 0.7, 0.24, 0.08, 0.8, 1, 0.52]
const scaled = (dollars: number) => evenly.map((part) => part * dollars)
const stream = (tier: string | null, model: string, provider: string, agent: string, key: string, dollars: number) => ({
  tier,
  model,
  provider,
  agent,
  key,
  dollars: scaled(dollars),
})

const streams: readonly Stream[] = [
  stream('COMPLEX', 'opencode-kimi-k2-6', 'opencodego', 'opencode', 'laptop', 0.95),
  stream('REASONING', 'claude-opus-4-8', 'anthropic', 'claude-code', 'claude', 0.82),
  stream('COMPLEX', 'gpt-5.5', 'openai', 'codex', 'codex', 0.61),
  stream('MEDIUM', 'opencode-deepseek-v4-pro', 'opencodego', 'opencode', 'laptop', 0.5),
  stream('REASONING', 'opencode-mimo-v2-5-pro', 'opencodego', 'opencode', 'laptop', 0.37),
  stream('MEDIUM', 'claude-sonnet-4-6', 'anthropic', 'claude-code', 'claude', 0.36),
  stream(null, 'gemini-3.1-pro-preview', 'gemini', 'curl', 'laptop', 0.21),
  stream('COMPLEX', 'mistral-medium-3-5', 'mistral', 'opencode', 'laptop', 0.15),
  stream('SIMPLE', 'opencode-deepseek-v4-flash', 'opencodego', 'opencode', 'laptop', 0.11),
  stream('SIMPLE', 'gpt-5.4-mini', 'openai', 'codex', 'codex', 0.09),
  { ...stream('SIMPLE', 'ollama/gemma4:26b', 'ollama', 'opencode', 'laptop', 0.3), billing: 'local' },
]

const nothing = sumsDouble()

function sumsOf(one: Stream, dollars: number): SpendSums {
  const nanoUsd = Math.round(dollars * 1e9)
  const requests = Math.max(1, Math.round(dollars * 100))
  const paid = one.billing === undefined
  return {
    ...nothing,
    requests,
    failures: one.model === 'gpt-5.5' && dollars > 0.5 ? 3 : 0,
    inputTokens: requests * 8_700,
    cachedTokens: requests * 5_200,
    outputTokens: requests * 360,
    billedNanoUsd: paid ? nanoUsd : 0,
    localNanoUsd: paid ? 0 : nanoUsd,
    savingsNanoUsd: one.tier === null || !paid ? 0 : Math.round(nanoUsd * 1.4),
    savingsRequests: one.tier === null || !paid ? 0 : requests,
  }
}

function plus(one: SpendSums, other: SpendSums): SpendSums {
  const names = Object.keys(nothing) as (keyof SpendSums)[]
  return Object.fromEntries(names.map((name) => [name, one[name] + other[name]])) as unknown as SpendSums
}

/** Each stream has its hour of the day, so that a day has a shape. */
function hourOf(one: Stream): string {
  return ['05', '07', '08', '09', '10', '10', '11', '12', '13', '14', '14'][streams.indexOf(one)] ?? '14'
}

function nameIn(one: Stream, by: string, at: string): string | null {
  if (by === 'billing') return one.billing ?? 'billed'
  if (by === 'day') return at
  if (by === 'hour') return `${at}T${hourOf(one)}:00`
  return one[by as 'tier' | 'model' | 'provider' | 'agent' | 'key']
}

/** Answers `GET /api/spend` from the scripted week, as the ledger would: grouping, filter, range by whole days. */
export function scriptedSpend(query: URLSearchParams): SpendReport {
  const by = (query.get('by') ?? 'model') as SpendReport['by']
  const since = Number(query.get('since') ?? 0)
  const until = Number(query.get('until') ?? Number.MAX_SAFE_INTEGER)
  const rows = new Map<string | null, SpendSums>()
  const points = new Map<string, Static<typeof SpendPointSchema>>()
  let totals = nothing
  for (const one of streams) {
    const asked = (['tier', 'model', 'provider', 'agent', 'key'] as const).every((name) => {
      const wanted = query.get(name)
      return wanted === null || wanted === one[name]
    })
    for (const [index, at] of days.entries()) {
      const start = new Date(`${at}T00:00`).getTime()
      if (!asked || start < since || start >= until) continue
      const sums = sumsOf(one, one.dollars[index] ?? 0)
      const name = nameIn(one, by, at)
      totals = plus(totals, sums)
      rows.set(name, plus(rows.get(name) ?? nothing, sums))
      const place = query.get('bucket') === 'hour' ? `${at}T${hourOf(one)}:00` : at
      const point = points.get(`${place} ${name}`) ?? { at: place, name, ...nothing }
      points.set(`${place} ${name}`, { at: place, name, ...plus(point, sums) })
    }
  }
  const dearest = (first: SpendRow, second: SpendRow) => second.billedNanoUsd - first.billedNanoUsd
  return {
    by,
    rows: [...rows].map(([name, sums]) => ({ name, ...sums })).sort(dearest),
    totals,
    truncated: false,
    ...(query.has('bucket') ? { series: [...points.values()] } : {}),
    savingsFormula: 'What the top tier would have cost, minus what was billed.',
    notes: [],
  }
}

/** The report of a gateway that was never asked. */
export function emptySpend(query: URLSearchParams): SpendReport {
  return { ...scriptedSpend(query), rows: [], totals: nothing, ...(query.has('bucket') ? { series: [] } : {}) }
}
