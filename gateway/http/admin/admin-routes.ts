import type { HttpDependencies } from '../http-dependencies.ts'
import type { RouteGroup } from '../route-registry.ts'
import { cacheRoutes } from './cache-routes.ts'
import { healthRoutes } from './health.ts'
import { keyRoutes } from './key-routes.ts'
import { metricsRoutes } from './metrics.ts'
import { modelInfoRoutes } from './model-info.ts'
import { spendLogRoutes } from './spend-logs.ts'
import { unheldPeopleRoutes } from './unheld-people.ts'

/** The routes of LiteLLM's proxy that scripts use, in its shapes. */
export function adminRoutes(dependencies: HttpDependencies): RouteGroup {
  return [
    ...healthRoutes(dependencies),
    ...keyRoutes(dependencies),
    ...cacheRoutes(dependencies),
    ...metricsRoutes(dependencies),
    ...unheldPeopleRoutes(),
    ...modelInfoRoutes(dependencies),
    ...spendLogRoutes(dependencies),
  ]
}
