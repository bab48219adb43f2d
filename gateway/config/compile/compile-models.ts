import type { Deployment, RouterDefinition } from '../gateway-config.ts'
import type { ConfigFile } from '../schema/config-file.ts'
import type { ModelEntry } from '../schema/model-entry.ts'
import type { ModelAlias, WrittenNames } from './collect-names.ts'
import { editDistance } from '../source/nearest-name.ts'
import { type CompileContext, locate } from './compile-context.ts'
import { compileDeployment, type DeploymentSurroundings } from './compile-deployment.ts'
import { compileRouter, complexityRouterModel } from './compile-router.ts'
import { generalTimeouts } from './compile-settings.ts'
import { type DeclaredNames, mostSuggestions } from './model-references.ts'

export interface CompiledModels {
  readonly modelNames: readonly string[]
  readonly groups: ReadonlyMap<string, readonly Deployment[]>
  readonly routers: ReadonlyMap<string, RouterDefinition>
  readonly declared: DeclaredNames
}

/** Compiles `model_list`: deployments first, since routers name them. */
export function compileModels(
  file: ConfigFile,
  names: WrittenNames,
  aliases: ReadonlyMap<string, ModelAlias>,
  context: CompileContext,
): CompiledModels {
  const entries = file.model_list ?? []
  const isRouter = (entry: ModelEntry) => entry.litellm_params.model === complexityRouterModel
  const routerEntries = entries.filter(isRouter)
  const leftOut = new Map<string, string>()
  const surroundings = surroundingsOf(file)
  const deployments = entries
    .filter((entry) => !isRouter(entry))
    .flatMap((entry) => compileEntry(entry, leftOut, surroundings, context))
  const groups = Map.groupBy(deployments, (deployment) => deployment.modelName)
  // A group with one usable deployment is usable, whatever became of the others.
  for (const group of groups.keys()) leftOut.delete(group)
  leaveOutUnreadable(names, groups, leftOut, context)
  reportRepeatedIds(deployments, context)
  const declared: DeclaredNames = {
    ...names,
    patterns: [...names.models].filter((name) => name.includes('*')),
    suggestions: { left: mostSuggestions },
    leftOut,
    deploymentIds: new Set(deployments.map((deployment) => deployment.id)),
    aliases: new Map([...aliases].map(([alias, { group }]) => [alias, group])),
  }
  const routers = compileRouters(routerEntries, declared, context)
  const listed = entries.map((entry) => entry.model_name).filter((name) => isListed(name, groups, routers))
  return { modelNames: [...new Set(listed)], groups, routers, declared }
}

/** An entry that was not read and is not at fault lacks a variable: what names it must not count on it. */
function leaveOutUnreadable(
  names: WrittenNames,
  groups: ReadonlyMap<string, unknown>,
  leftOut: Map<string, string>,
  { problems }: CompileContext,
): void {
  if (problems.all().some(({ severity }) => severity === 'error')) return
  for (const name of names.models) {
    if (!groups.has(name) && !leftOut.has(name)) leftOut.set(name, 'a variable of its entry is not set')
  }
}

function isListed(name: string, groups: ReadonlyMap<string, unknown>, routers: ReadonlyMap<string, unknown>): boolean {
  return groups.has(name) || routers.has(name)
}

function surroundingsOf(file: ConfigFile): DeploymentSurroundings {
  const seen = new Map<string, number>()
  return {
    timeouts: generalTimeouts(file),
    maxParallelRequests: file.router_settings?.default_max_parallel_requests,
    twinOf(id) {
      const twin = seen.get(id) ?? 0
      seen.set(id, twin + 1)
      return twin
    },
  }
}

function compileEntry(
  entry: ModelEntry,
  leftOut: Map<string, string>,
  surroundings: DeploymentSurroundings,
  context: CompileContext,
): Deployment[] {
  const name = entry.model_name
  const { model } = entry.litellm_params
  if (model.startsWith('auto_router/')) {
    if (isMisspelt(entry)) {
      context.problems.error({
        ...locate(context, entry.litellm_params, 'model'),
        message: `model is ${JSON.stringify(model)}, must be ${complexityRouterModel}`,
        seen: model,
        wanted: complexityRouterModel,
        nearest: complexityRouterModel,
      })
      return []
    }
    const reason = `${model} is not supported in this version; auto_router/complexity_router is`
    context.problems.warning({
      ...locate(context, entry.litellm_params, 'model'),
      message: `${name} is left out: ${reason}`,
      seen: model,
    })
    leftOut.set(name, reason)
    return []
  }
  if (name.includes('*') && /^\**$/.test(model)) {
    const reason = `model ${JSON.stringify(model)} names no provider: write it as provider/*, such as openai/*`
    context.problems.warning({
      ...locate(context, entry.litellm_params, 'model'),
      message: `${name} is left out: ${reason}`,
      seen: model,
      wanted: 'provider/*',
    })
    leftOut.set(name, reason)
    return []
  }
  const reading = compileDeployment(entry, surroundings, context)
  if (reading.kind === 'left-out') leftOut.set(name, `${name} is left out. ${reading.reason}`)
  return reading.kind === 'deployment' ? [reading.deployment] : []
}

/** A few letters off, or with a complexity router's own block: LiteLLM's other routers are neither. */
function isMisspelt({ litellm_params: params }: ModelEntry): boolean {
  const few = 3
  return params.complexity_router_config !== undefined || editDistance(params.model, complexityRouterModel, few) <= few
}

function compileRouters(
  entries: readonly ModelEntry[],
  declared: DeclaredNames,
  context: CompileContext,
): Map<string, RouterDefinition> {
  const routers = new Map<string, RouterDefinition>()
  const seen = new Set<string>()
  for (const entry of entries) {
    const name = entry.model_name
    if (seen.has(name) || declared.models.has(name)) {
      const other = declared.models.has(name) ? 'a model' : 'another router'
      context.problems.error({
        ...locate(context, entry, 'model_name'),
        message: `${name} is a router and ${other}. Give one of them another model_name`,
        seen: name,
        wanted: 'a name of its own',
      })
    }
    seen.add(name)
    const router = compileRouter(entry, declared, context)
    if (router !== undefined) routers.set(name, router)
  }
  return routers
}

function reportRepeatedIds(deployments: readonly Deployment[], context: CompileContext): void {
  const lines = new Map<string, number>()
  for (const { id, line, modelInfo } of deployments) {
    const first = lines.get(id)
    if (first === undefined) lines.set(id, line)
    else {
      const path = typeof modelInfo.id === 'string' ? 'model_info.id' : ''
      context.problems.error({
        place: { line, column: 1 },
        path,
        message: `the id ${JSON.stringify(id)} is used by the entry on line ${first} already. Give each entry an id of its own`,
        seen: id,
        wanted: 'an id of its own',
      })
    }
  }
}
