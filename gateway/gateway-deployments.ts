import type { ConfigSource } from './config/config-source.ts'
import type { GatewayConfig } from './config/gateway-config.ts'
import type { Deployment } from './config/gateway-config.ts'
import type { DeploymentReadings } from './http/http-dependencies.ts'
import type { Logger } from './logging/logger.ts'
import type { ModelListReader } from './providers/model-list.ts'
import type { ConditionSource } from './relay/deployments/compose-conditions.ts'
import { createDayUseWriter, type DayUseWriter } from './relay/deployments/day-use-writer.ts'
import type { BoardChange } from './relay/deployments/deployment-board.ts'
import { createHealthChecks, type HealthChecks } from './relay/deployments/health-checks.ts'
import { hasDay } from './relay/deployments/deployment-limits.ts'
import { type Deployments, openDeployments } from './relay/deployments/open-deployments.ts'
import { createVanishedModels, type VanishedModels } from './relay/deployments/vanished-models.ts'
import type { DayUseRepository } from './store/day-use-repository.ts'
import type { SettingsRepository } from './store/settings-repository.ts'

export interface GatewayDeploymentsDependencies {
  readonly config: ConfigSource
  readonly dayUses: DayUseRepository
  readonly settings: SettingsRepository
  readonly readList: ModelListReader
  readonly logger: Logger
  /** What others know of deployments: budgets, the reachability of backends. */
  readonly sources: readonly ConditionSource[]
}

/** All that a running gateway knows of its deployments. */
export interface GatewayDeployments extends Deployments {
  /** Their host was lost and is reached again. */
  readonly reached: HealthChecks['reached']
  /** For the HTTP side. */
  readonly readings: DeploymentReadings
  /** Sentences for the person who runs the gateway: models that are gone. */
  readonly notices: () => readonly string[]
  readonly vanishedModels: () => readonly { readonly model: string; readonly sentence: string }[]
  /** A provider's whole list was read. */
  readonly noteList: VanishedModels['list']
}

const seenKey = 'model_lists.seen'

/** The deployments of a running gateway: their state, the queue for them, their probes, and what is kept of them between runs. */
export async function openGatewayDeployments(
  dependencies: GatewayDeploymentsDependencies,
  opened: AsyncDisposableStack,
): Promise<GatewayDeployments> {
  const { config, dayUses, logger, readList, sources } = dependencies
  const writer = createDayUseWriter({
    save: (uses) => dayUses.save(uses, Date.now()),
    useOf: (deploymentId) => deployments.board.dayUse(deploymentId),
    after,
    onFailure: (failure) => logger.error({ err: failure }, 'the use of daily quotas could not be kept'),
  })
  const vanished = await openVanishedModels(dependencies)
  const checks = createHealthChecks({
    settings: () => config.current().signalbox.healthChecks,
    // Found servers are followed by their own watch.
    deployments: () => deploymentsOf(config.current()).filter(({ line, local }) => local === undefined || line > 0),
    readList,
    now: Date.now,
    after,
    onReached: (reached, models) => {
      for (const { id } of reached) deployments.board.reachable(id)
      if (models !== undefined) vanished.list(reached, models)
      deployments.queue.pump()
    },
    onTurn: (turned, down) => logTurn(logger, turned, down),
  })
  const deployments = openDeployments({
    now: Date.now,
    after,
    config: config.current,
    queueMs: () => config.current().signalbox.queueMs,
    // Who knows why says it: the word of a probe comes last.
    sources: [...sources, checks.condition],
    dayUse: await dayUses.all(),
    warningOf: (deploymentId) => vanished.of(deploymentId)?.sentence,
    onChange: (change) => noteChange(change, writer, checks, vanished),
  })
  opened.defer(() => writer.flush())
  opened.defer(() => deployments.queue.close())
  opened.defer(
    config.onChange(({ config: next }) => {
      deployments.board.retain(deploymentsOf(next))
      deployments.queue.pump()
    }),
  )
  checks.start()
  opened.defer(() => checks.stop())
  const { board, condition } = deployments
  const isGone = (deploymentId: string): boolean => vanished.of(deploymentId) !== undefined
  return {
    ...deployments,
    reached: checks.reached,
    readings: {
      condition,
      health: board.health,
      limits: board.limits,
      probe: checks.probe,
      problem: checks.problem,
      isGone,
    },
    noteList: vanished.list,
    notices: () => vanished.all().map(({ sentence }) => sentence),
    vanishedModels: () => vanished.all().map(({ deployment, sentence }) => ({ model: deployment.modelName, sentence })),
  }
}

function noteChange(
  { deployment, ended }: BoardChange,
  writer: DayUseWriter,
  checks: HealthChecks,
  vanished: VanishedModels,
): void {
  const { id, quota, account } = deployment
  if (hasDay(quota)) writer.note(id)
  if (account !== undefined && hasDay(account.quota)) writer.note(account.id)
  if (ended === undefined) return
  checks.note(deployment, ended)
  if (ended.kind !== 'failed' || ended.error.code !== 'upstream_not_found' || vanished.of(id) !== undefined) return
  vanished.suspect(deployment)
  void checks.probe([deployment])
}

async function openVanishedModels({ logger, settings }: GatewayDeploymentsDependencies): Promise<VanishedModels> {
  const kept = await settings.get(seenKey)
  const seen = Array.isArray(kept) ? kept.filter((name) => typeof name === 'string') : []
  return createVanishedModels({
    now: Date.now,
    seen: new Set(seen),
    onSeen: (names) => {
      settings.set(seenKey, [...names]).catch((failure: unknown) => {
        logger.error({ err: failure }, 'which models their providers list could not be kept')
      })
    },
    onVanished: ({ deployment, suggestion, sentence }) => {
      const { modelName: model, provider, upstreamModel } = deployment
      logger.error({ model, provider, upstreamModel, suggestion }, `a model is gone: ${sentence}`)
    },
  })
}

function logTurn(logger: Logger, deployments: readonly Deployment[], down: string | undefined): void {
  const models = [...new Set(deployments.map(({ modelName }) => modelName))]
  if (down === undefined) logger.info({ models }, 'an upstream is back')
  else logger.warn({ models, reason: down }, 'an upstream is down and left out until it answers')
}

function deploymentsOf(config: GatewayConfig): readonly Deployment[] {
  return [...config.groups.values()].flat()
}

/** A timer that keeps no process alive. */
function after(ms: number, action: () => void): () => void {
  const timer = setTimeout(action, ms).unref()
  return () => clearTimeout(timer)
}
