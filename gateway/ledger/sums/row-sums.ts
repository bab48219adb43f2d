import { costIsUnknown } from '../request-row.ts'
import type { HourDimension, Measure } from './measures.ts'

/** A row of `requests` in the columns of the sums: the same rules as `contribution.ts`, in SQL. Fixed text. */
export const rowDimensions: Readonly<Record<HourDimension, string>> = {
  model: `coalesce(model_name, '')`,
  upstream_model: `coalesce(requests.upstream_model, '')`,
  provider: `coalesce(requests.provider, '')`,
  router: `coalesce(requests.router, '')`,
  tier: `coalesce(requests.tier, '')`,
  key_id: 'requests.key_id',
  agent: `coalesce(requests.agent, '')`,
  user: `coalesce(user_id, end_user, '')`,
  team: `coalesce(team_id, '')`,
  billing: 'requests.billing',
}

const failed = '(status >= 400 OR error_code IS NOT NULL)'
const paid = (billing: string) => `iif(requests.billing = '${billing}', coalesce(cost_nano_usd, 0), 0)`

export const rowMeasures: Readonly<Record<Measure, string>> = {
  requests: '1',
  failures: `iif(${failed}, 1, 0)`,
  cache_hits: `iif(cache = 'hit', 1, 0)`,
  input_tokens: 'coalesce(input_tokens, 0)',
  cached_tokens: 'coalesce(cached_tokens, 0)',
  cache_write_tokens: 'coalesce(cache_write_tokens, 0)',
  output_tokens: 'coalesce(output_tokens, 0)',
  reasoning_tokens: 'coalesce(reasoning_tokens, 0)',
  billed_nano_usd: paid('billed'),
  flat_rate_nano_usd: paid('flat_rate'),
  local_nano_usd: paid('local'),
  demo_nano_usd: paid('demo'),
  unknown_priced: `iif(${costIsUnknown}, 1, 0)`,
  savings_nano_usd: 'coalesce(savings_nano_usd, 0)',
  savings_requests: 'iif(savings_nano_usd IS NULL, 0, 1)',
  savings_unknown: `iif(router IS NOT NULL AND savings_nano_usd IS NULL AND billing <> 'demo' AND cache IS NULL AND NOT ${failed}, 1, 0)`,
  estimated_nano_usd: 'estimated_nano_usd',
}
