import type { GatewayStatus } from '../gateway/contract/status.ts'
import type { RequestView } from '../gateway/contract/requests.ts'
import type { Explanation, RouterView } from '../gateway/contract/routers.ts'

/** The contract's types under the names the interface uses; types only, so no schema code reaches the bundle. */
export type { Explanation, GatewayStatus, RequestView, RouterView }

export type Position = RouterView['position']
export type Tier = RouterView['tiers'][number]['tier']
export type Boundaries = RouterView['boundaries']
export type ConfigProblem = GatewayStatus['config']['problems'][number]
export type Attempt = RequestView['attempts'][number]

/** The four tiers, cheapest first. */
export const tierOrder = ['SIMPLE', 'MEDIUM', 'COMPLEX', 'REASONING'] as const satisfies readonly Tier[]
