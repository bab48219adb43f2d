import type { Deployment } from '../../config/gateway-config.ts'
import { GatewayError } from '../../model/errors.ts'
import type { FlatToolNames } from '../../model/flatten-tools.ts'
import type { ModelRequest } from '../../model/model-request.ts'
import type { OpaqueScope } from '../../model/parts.ts'
import type { ModelRules } from './model-families.ts'
import type { ChatQuirks } from './quirks.ts'
import type { WarningList } from './warning-list.ts'

/** What every step of one translation to the chat wire looks at. */
export interface Translation {
  readonly deployment: Deployment
  readonly request: ModelRequest
  readonly scope: OpaqueScope
  readonly quirks: ChatQuirks
  readonly rules: ModelRules
  readonly names: FlatToolNames
  readonly warnings: WarningList
}

/** The refusal of something that this upstream cannot carry: names field and provider. */
export function refusal({ deployment }: Pick<Translation, 'deployment'>, field: string, what: string): GatewayError {
  return new GatewayError(
    'unsupported_field',
    `${deployment.provider} (model ${deployment.upstreamModel}) cannot take ${what} ("${field}"). Leave it out or choose another model.`,
    { param: field },
  )
}

/** Notes a field that is left out for this upstream. */
export function drop({ deployment, warnings }: Pick<Translation, 'deployment' | 'warnings'>, field: string): void {
  warnings.add(`dropped ${field}: ${deployment.provider} does not accept it`)
}
