import { type ColumnValue, type RequestRow, requestColumns } from '../request-row.ts'
import { type Contribution, contributionOf, type SummedRecord } from './contribution.ts'

const places = Object.fromEntries(requestColumns.map((name, place) => [name, place])) as Readonly<
  Record<(typeof requestColumns)[number], number>
>

/** What a row adds to the sums, read back from its values: only those leave the event loop for the write thread. */
export function contributionOfValues(values: readonly ColumnValue[]): Contribution {
  const column = <Name extends (typeof requestColumns)[number]>(name: Name) => values[places[name]] as RequestRow[Name]
  return contributionOf(summed(column))
}

/** The same for a row of the table. */
export function contributionOfTableRow(row: SummedRow): Contribution {
  return contributionOf(summed((name) => row[name]))
}

/** The columns that sums are made of. */
export const summedColumns = [
  'id',
  'started_at',
  'key_id',
  'key_alias',
  'agent',
  'session_id',
  'end_user',
  'tags',
  'router',
  'tier',
  'model_name',
  'deployment_id',
  'provider',
  'upstream_model',
  'status',
  'error_code',
  'input_tokens',
  'cached_tokens',
  'cache_write_tokens',
  'output_tokens',
  'reasoning_tokens',
  'cost_nano_usd',
  'price_source',
  'first_token_ms',
  'user_id',
  'team_id',
  'billing',
  'price_provenance',
  'savings_nano_usd',
  'cache',
  'cache_write_1h_tokens',
  'service_tier',
  'role',
  'estimated_nano_usd',
] as const satisfies readonly (keyof RequestRow)[]

export type SummedRow = Pick<RequestRow, (typeof summedColumns)[number]>

type Column = <Name extends keyof SummedRow>(name: Name) => SummedRow[Name]

function summed(column: Column): SummedRecord {
  const inputTokens = column('input_tokens')
  return {
    startedAt: column('started_at'),
    keyId: column('key_id'),
    keyAlias: column('key_alias'),
    agent: column('agent'),
    sessionId: column('session_id'),
    endUser: column('end_user'),
    userId: column('user_id'),
    teamId: column('team_id'),
    tags: column('tags') === '[]' ? [] : (JSON.parse(column('tags')) as string[]),
    role: column('role'),
    router: column('router'),
    tier: column('tier'),
    modelName: column('model_name'),
    provider: column('provider'),
    upstreamModel: column('upstream_model'),
    status: column('status'),
    errorCode: column('error_code'),
    usage:
      inputTokens === null
        ? null
        : {
            inputTokens,
            cachedTokens: column('cached_tokens') ?? 0,
            cacheWriteTokens: column('cache_write_tokens') ?? 0,
            outputTokens: column('output_tokens') ?? 0,
            reasoningTokens: column('reasoning_tokens') ?? 0,
          },
    costNanoUsd: column('cost_nano_usd'),
    estimatedNanoUsd: column('estimated_nano_usd'),
    billing: column('billing'),
    firstTokenMs: column('first_token_ms'),
    savingsNanoUsd: column('savings_nano_usd'),
    cache: column('cache'),
  }
}
