import type { AgentService } from './agents/agent-service.ts'
import { complexityRouterModel } from './config/compile/compile-router.ts'
import type { ConfigSource } from './config/config-source.ts'
import { spliceYaml } from './config/edit/splice-yaml.ts'
import type { YamlEdit } from './config/edit/yaml-edit.ts'
import type { ProviderCatalogue } from './config/providers/catalogue.ts'
import { nearestName } from './config/source/nearest-name.ts'
import type { AgentModel } from './contract/agents.ts'
import type { BackendList } from './contract/backends.ts'
import type { AddedRouter, Setup, SetupRouter, SetupStep, SetupStepState } from './contract/setup.ts'
import type { DeskDependencies } from './http/desk-dependencies.ts'
import { GatewayError } from './model/errors.ts'
import { tiers } from './model/tier.ts'
import { insertedLines } from './providers/sync/inserted-lines.ts'
import { type FirstRunFacts, firstRun, stepNames } from './first-run.ts'
import type { RoutingSnapshot } from './routing/plan-types.ts'
import type { SettingsRepository } from './store/settings-repository.ts'

export interface SetupParts {
  readonly config: ConfigSource
  readonly catalogue: ProviderCatalogue
  readonly settings: SettingsRepository
  readonly agents: Pick<AgentService, 'list'>
  readonly backends: () => BackendList
  readonly snapshot: () => RoutingSnapshot
  readonly modelFacts: () => readonly AgentModel[]
  readonly modelPrice: DeskDependencies['modelPrice']
  readonly lookup: (name: string) => string | undefined
  readonly environment: Readonly<Record<string, string | undefined>>
  /** True once a request was kept. */
  readonly wasAsked: () => Promise<boolean>
  readonly stacks: () => Setup['stacks']
  readonly litellm: () => Promise<Setup['litellm']>
  readonly url: () => string
}

const stepsKey = 'setup.steps'

/** The first run: what was found on this machine, which steps are done, and the router made of it. */
export function openSetup(parts: SetupParts): DeskDependencies['setup'] {
  const { settings } = parts
  const view = async (): Promise<Setup> => firstRun(await factsOf(parts, await keptSteps(settings)))
  return {
    view,
    async setStep(step, state) {
      const kept = await keptSteps(settings)
      await settings.set(stepsKey, { ...kept, [step]: state })
      return view()
    },
    addRouter: async (router) => addRouter(router, parts),
  }
}

type KeptSteps = FirstRunFacts['kept']

async function keptSteps(settings: Pick<SettingsRepository, 'get'>): Promise<KeptSteps> {
  const kept = await settings.get(stepsKey)
  const states = typeof kept === 'object' && kept !== null && !Array.isArray(kept) ? kept : {}
  const known = stepNames.flatMap((step): [SetupStep, SetupStepState][] => {
    const state = states[step]
    return state === 'done' || state === 'skipped' || state === 'open' ? [[step, state]] : []
  })
  return Object.fromEntries(known)
}

async function factsOf(parts: SetupParts, kept: KeptSteps): Promise<FirstRunFacts> {
  const [agents, litellm, wasAsked] = await Promise.all([parts.agents.list(), parts.litellm(), parts.wasAsked()])
  return {
    kept,
    agents,
    litellm,
    wasAsked,
    snapshot: parts.snapshot(),
    catalogue: parts.catalogue,
    backends: parts.backends(),
    modelFacts: parts.modelFacts(),
    modelPrice: parts.modelPrice,
    hasValue: (name) => parts.lookup(name) !== undefined,
    isInEnvironment: (name) => (parts.environment[name] ?? '') !== '',
    stacks: parts.stacks(),
    url: parts.url(),
  }
}

/** @throws GatewayError `conflict` where the name is taken or the file another one, `invalid_field` for a model that is none */
function addRouter(
  { name, tiers: written, revision, dryRun }: SetupRouter,
  { config, snapshot }: SetupParts,
): AddedRouter {
  requireFree(name, snapshot())
  requireModels(written, snapshot())
  const chains = tiers.flatMap((tier) => {
    const chain = written[tier]
    return chain === undefined ? [] : [[tier, chain.length === 1 ? (chain[0] as string) : chain] as const]
  })
  const value = {
    model_name: name,
    litellm_params: {
      model: complexityRouterModel,
      complexity_router_config: { tiers: Object.fromEntries(chains) },
    },
  }
  const edits: YamlEdit[] = [{ op: 'append', path: ['model_list'], value }]
  const before = config.editor.read()
  if (dryRun === true) {
    const text = spliceYaml(before.text, edits)
    const problems = [...config.editor.check(text)]
    return { name, written: false, lines: insertedLines(before.text, text), problems, revision: before.revision }
  }
  const outcome = config.editor.edit(edits, revision ?? before.revision)
  const lines = insertedLines(before.text, outcome.text)
  return { name, written: outcome.written, lines, problems: [...outcome.problems], revision: outcome.revision }
}

function requireFree(name: string, { config }: RoutingSnapshot): void {
  const isTaken = config.modelNames.includes(name) || config.aliases.has(name) || config.roles?.has(name) === true
  if (!isTaken) return
  throw new GatewayError('conflict', `${name} is the name of another model or router. Choose another one.`, {
    param: 'name',
  })
}

function requireModels(written: SetupRouter['tiers'], { config }: RoutingSnapshot): void {
  const known = new Set([...config.groups.keys(), ...config.aliases.keys(), ...(config.selectors?.keys() ?? [])])
  for (const tier of tiers) {
    const wrong = written[tier]?.find((model) => !known.has(model))
    if (wrong === undefined) continue
    const nearest = nearestName(wrong, known)
    const advice = nearest === undefined ? 'GET /api/models lists what there is.' : `Did you mean ${nearest}?`
    const message = `${tier} names ${JSON.stringify(wrong.slice(0, 100))}, which is no model here. ${advice}`
    throw new GatewayError('invalid_field', message, { param: `tiers.${tier}` })
  }
}
