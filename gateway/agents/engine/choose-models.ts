import type { AgentChoice, AgentModel } from '../../contract/agents.ts'
import { ExportError } from './export-error.ts'

/**
 * The two models of an export: as named, else as before, else the first router, else the first model. A router is its
 * own small model: it sends small requests to its first tier.
 * @throws ExportError when a named model is not there, or there is none at all
 */
export function chooseModels(
  models: readonly AgentModel[],
  choice: AgentChoice,
  before: { readonly model: string; readonly smallModel: string } | undefined,
): { readonly model: AgentModel; readonly smallModel: AgentModel } {
  const named = (name: string | undefined) => (name === undefined ? undefined : require(models, name))
  const still = (name: string | undefined) => models.find((model) => model.name === name)
  const byItself = models.find(({ kind, name }) => kind === 'router' || name === 'demo-router') ?? models[0]
  const model = named(choice.model) ?? still(before?.model) ?? byItself
  if (model === undefined) {
    throw new ExportError('The gateway lists no model, so there is nothing to export. Add one to the config file.')
  }
  const isSameModel = model.name === before?.model
  return {
    model,
    smallModel: named(choice.smallModel) ?? (isSameModel ? still(before?.smallModel) : undefined) ?? model,
  }
}

function require(models: readonly AgentModel[], name: string): AgentModel {
  const found = models.find((model) => model.name === name)
  if (found !== undefined) return found
  const names = models.slice(0, 12).map((model) => model.name)
  const more = models.length > names.length ? `, and ${models.length - names.length} more` : ''
  throw new ExportError(`There is no model "${name.slice(0, 100)}". There are: ${names.join(', ')}${more}.`)
}
