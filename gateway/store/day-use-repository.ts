import type { Database } from './database.ts'

/** What was used of one day. Times in ms since the epoch. */
export interface StoredDayUse {
  readonly startsAt: number
  readonly endsAt: number
  readonly requests: number
  readonly tokens: number
}

/** Use of daily quotas by deployment, so that a restart does not make a day's quota new. */
export interface DayUseRepository {
  all(): Promise<ReadonlyMap<string, StoredDayUse>>
  /** All in one transaction; days that ended before `now` are dropped with it. */
  save(uses: ReadonlyMap<string, StoredDayUse>, now: number): Promise<void>
}

type Row = StoredDayUse & { readonly deploymentId: string }

export function createDayUseRepository({ database }: { readonly database: Database }): DayUseRepository {
  const select = database.prepare<[], Row>(
    `SELECT deployment_id AS deploymentId, starts_at AS startsAt, ends_at AS endsAt, requests, tokens FROM day_quotas`,
  )
  const upsert = database.prepare(
    `INSERT INTO day_quotas (deployment_id, starts_at, ends_at, requests, tokens)
     VALUES (:deploymentId, :startsAt, :endsAt, :requests, :tokens)
     ON CONFLICT (deployment_id) DO UPDATE SET starts_at = excluded.starts_at, ends_at = excluded.ends_at,
       requests = excluded.requests, tokens = excluded.tokens`,
  )
  const drop = database.prepare('DELETE FROM day_quotas WHERE ends_at < ?')
  const saveAll = database.transaction((uses: ReadonlyMap<string, StoredDayUse>, now: number) => {
    for (const [deploymentId, { startsAt, endsAt, requests, tokens }] of uses)
      upsert.run({ deploymentId, startsAt, endsAt, requests, tokens })
    drop.run(now)
  })

  return {
    async all() {
      return new Map(select.all().map(({ deploymentId, ...use }) => [deploymentId, use]))
    },
    async save(uses, now) {
      saveAll(uses, now)
    },
  }
}
