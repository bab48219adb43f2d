import type { Deployment } from '../../config/gateway-config.ts'
import { discoverableBackends } from '../../config/providers/backend-names.ts'
import type { Billing } from '../request-record.ts'

/** How a deployment is paid: what its entry or its provider says, else per token; models of a local server cost nothing. */
export function billingOf(deployment: Pick<Deployment, 'adapter' | 'billing' | 'provider'>): Billing {
  if (deployment.adapter === 'demo') return 'demo'
  return deployment.billing ?? (discoverableBackends.has(deployment.provider) ? 'local' : 'billed')
}
