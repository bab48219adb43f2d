import type {
  AgentChoice,
  AgentModels,
  AgentPlanView,
  AgentUndo,
  AgentView,
  ChangedPlace,
} from '../gateway/contract/agents.ts'
import type { BackendView } from '../gateway/contract/backends.ts'
import type { GpuView } from '../gateway/contract/gpus.ts'
import type { NetworkPathView, NetworkView, StandInView } from '../gateway/contract/network.ts'
import type { GatewayStatus } from '../gateway/contract/status.ts'
import type { ConfigEdit, ConfigEditOutcome, ConfigText } from '../gateway/contract/config.ts'
import type { BudgetView, CreatedKey, KeyChange, KeyView, NewKey } from '../gateway/contract/keys.ts'
import type { DeploymentQuotaView, QuotaList } from '../gateway/contract/quotas.ts'
import type { RequestView } from '../gateway/contract/requests.ts'
import type { RequestStory } from '../gateway/contract/request-story.ts'
import type { ModelList, ModelView } from '../gateway/contract/models.ts'
import type { AddedModels, OfferedModelView, ProviderModels } from '../gateway/contract/providers.ts'
import type {
  SecretList,
  SecretStoreChoice,
  SecretStoreView,
  SecretTest,
  SecretView,
} from '../gateway/contract/secrets.ts'
import type { Settings } from '../gateway/contract/settings.ts'
import type { RouterProposal, Setup, SetupStep } from '../gateway/contract/setup.ts'
import type { RoleView } from '../gateway/contract/roles.ts'
import type { Replay } from '../gateway/contract/replay.ts'
import type { RouterSettings } from '../gateway/contract/router-settings.ts'
import type { Explanation, RouterView } from '../gateway/contract/routers.ts'
import type { SpendQuery, SpendReport, SpendRow } from '../gateway/contract/spend.ts'

/** The contract's types under the names the interface uses; types only, so no schema code reaches the bundle. */
export type {
  AgentChoice,
  AgentModels,
  AgentPlanView,
  AgentUndo,
  AgentView,
  ChangedPlace,
  ConfigEdit,
  ConfigEditOutcome,
  ConfigText,
  ModelList,
  ModelView,
  RoleView,
  SecretList,
  SecretStoreChoice,
  SecretStoreView,
  SecretTest,
  SecretView,
  Settings,
  Setup,
  SetupStep,
  RouterProposal,
  AddedModels,
  OfferedModelView as OfferedModel,
  ProviderModels,
  BackendView,
  GpuView,
  NetworkPathView,
  NetworkView,
  StandInView,
  BudgetView,
  CreatedKey,
  DeploymentQuotaView,
  QuotaList,
  Explanation,
  GatewayStatus,
  KeyChange,
  KeyView,
  NewKey,
  Replay,
  RequestStory,
  RequestView,
  RouterSettings,
  RouterView,
  SpendQuery,
  SpendReport,
  SpendRow,
}

export type Position = RouterView['position']
export type Tier = RouterView['tiers'][number]['tier']
export type Boundaries = RouterView['boundaries']
export type DimensionName = keyof RouterSettings['weights']
export type ConfigProblem = GatewayStatus['config']['problems'][number]
export type Attempt = RequestView['attempts'][number]

/** The four tiers, cheapest first. */
export const tierOrder = ['SIMPLE', 'MEDIUM', 'COMPLEX', 'REASONING'] as const satisfies readonly Tier[]
