import type { HttpDependencies } from '../http-dependencies.ts'
import type { RouteGroup } from '../route-registry.ts'
import { backendRoutes } from './backends.ts'
import type { EventHub } from './event-hub.ts'
import { agentRoutes } from './agents.ts'
import { eventRoutes } from './events.ts'
import { auditRoutes } from './audit.ts'
import { controlCacheRoutes } from './cache.ts'
import { configRoutes } from './config.ts'
import { explainRoutes } from './explain.ts'
import { controlKeyRoutes } from './keys.ts'
import { labelRoutes } from './labels.ts'
import { modelListRoutes } from './models.ts'
import { networkRoutes } from './network.ts'
import { pauseRoutes } from './pause.ts'
import { providerRoutes } from './providers.ts'
import { quotaRoutes } from './quotas.ts'
import { requestRoutes } from './requests.ts'
import { roleRoutes } from './roles.ts'
import { routerDraftRoutes } from './router-drafts.ts'
import { routerRoutes } from './routers.ts'
import type { RouterViews } from './routers.ts'
import { firstRequestRoutes } from './first-request.ts'
import { settingsRoutes } from './settings.ts'
import { secretRoutes } from './secrets.ts'
import { setupRoutes } from './setup.ts'
import { sessionRoutes } from './session.ts'
import { spendRoutes } from './spend.ts'
import { statusRoutes } from './status.ts'

/** The control API, one file per domain. */
export function controlRoutesOf(dependencies: HttpDependencies, hub: EventHub, routers: RouterViews): RouteGroup {
  return [
    ...statusRoutes(dependencies),
    ...eventRoutes(hub),
    ...requestRoutes(dependencies),
    ...routerRoutes(dependencies, routers),
    ...explainRoutes(dependencies),
    ...sessionRoutes(dependencies),
    ...controlKeyRoutes(dependencies),
    ...configRoutes(dependencies),
    ...spendRoutes(dependencies),
    ...roleRoutes(dependencies),
    ...settingsRoutes(dependencies),
    ...firstRequestRoutes(dependencies),
    ...providerRoutes(dependencies),
    ...quotaRoutes(dependencies),
    ...setupRoutes(dependencies),
    ...secretRoutes(dependencies),
    ...routerDraftRoutes(dependencies),
    ...labelRoutes(dependencies),
    ...modelListRoutes(dependencies),
    ...pauseRoutes(dependencies),
    ...backendRoutes(dependencies),
    ...networkRoutes(dependencies),
    ...controlCacheRoutes(dependencies),
    ...auditRoutes(dependencies),
    ...agentRoutes(dependencies),
  ]
}
