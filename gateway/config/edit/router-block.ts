import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts'
import { complexityRouterModel } from '../compile/compile-router.ts'
import { readPlainYaml } from './read-plain-yaml.ts'
import type { EditPath } from './yaml-edit.ts'

/** Where a router's settings stand in the file and what they are, or why they cannot be edited there. */
export type RouterBlock =
  | { readonly place: EditPath; readonly written: JsonObject; readonly problem?: undefined }
  | { readonly place?: undefined; readonly written?: undefined; readonly problem: string }

/** Finds the block `complexity_router_config` of a router in a config text. Pure. */
export function findRouterBlock(text: string, router: string): RouterBlock {
  const { value, problem } = readPlainYaml(text)
  if (problem !== undefined) {
    return {
      problem: `The config file has a syntax error at ${problem.line}:${problem.column}; mend it by hand first.`,
    }
  }
  const list = isJsonObject(value) ? value.model_list : undefined
  const entries = Array.isArray(list) ? list : []
  const index = entries.findIndex((entry) => isRouterEntry(entry, router))
  const params = paramsOf(entries[index])
  if (params === undefined)
    return { problem: `${router} does not stand in the config file, so it cannot be edited there.` }
  const block = params.complexity_router_config
  return {
    place: ['model_list', index, 'litellm_params', 'complexity_router_config'],
    written: isJsonObject(block) ? block : {},
  }
}

function isRouterEntry(entry: JsonValue, router: string): boolean {
  return isJsonObject(entry) && entry.model_name === router && paramsOf(entry)?.model === complexityRouterModel
}

function paramsOf(entry: JsonValue | undefined): JsonObject | undefined {
  const params = isJsonObject(entry) ? entry.litellm_params : undefined
  return isJsonObject(params) ? params : undefined
}
