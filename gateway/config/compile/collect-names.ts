import type { ConfigFile } from '../schema/config-file.ts'
import { nearestName } from '../source/nearest-name.ts'
import { entryOf, type SourceNode } from '../source/source-tree.ts'
import type { Variables } from '../source/variables.ts'
import { matchWildcard } from '../wildcard.ts'
import { type CompileContext, locate } from './compile-context.ts'
import { complexityRouterModel } from './compile-router.ts'

export interface WrittenNames {
  /** Names of entries that are no router, entries with problems included, so that one mistake is reported once. */
  readonly models: ReadonlySet<string>
  readonly routers: ReadonlySet<string>
  readonly backends: ReadonlySet<string>
}

/** Names as they stand in the tree, before anything is checked. */
export function collectNames(root: SourceNode | undefined, { variables }: CompileContext): WrittenNames {
  const models = new Set<string>()
  const routers = new Set<string>()
  const list = entryOf(root, 'model_list')?.node
  for (const entry of list?.kind === 'list' ? list.items : []) {
    const name = textOf(entryOf(entry, 'model_name')?.node, variables)
    const model = textOf(entryOf(entryOf(entry, 'litellm_params')?.node, 'model')?.node, variables)
    if (name !== undefined) (model === complexityRouterModel ? routers : models).add(name)
  }
  const backends = entryOf(root, 'backends')?.node
  return { models, routers, backends: new Set(backendNames(backends, variables)) }
}

/** `backends` is a block by name, or a list of blocks with `name`. */
function backendNames(node: SourceNode | undefined, variables: Variables): string[] {
  if (node?.kind === 'map') return node.entries.map((entry) => entry.key)
  if (node?.kind !== 'list') return []
  return node.items.map((item) => textOf(entryOf(item, 'name')?.node, variables)).filter((name) => name !== undefined)
}

function textOf(node: SourceNode | undefined, variables: Variables): string | undefined {
  if (node?.kind !== 'scalar' || node.value === null) return undefined
  if (typeof node.value !== 'string') return node.text
  const expanded = variables.expand(node.value, node.place, node.path)
  return expanded.kind === 'missing' ? undefined : expanded.text
}

/** By an entry of its own, or by one with a `*`. */
function isNamed(group: string, { models, routers }: WrittenNames): boolean {
  if (models.has(group) || routers.has(group)) return true
  return [...models].some((name) => name.includes('*') && matchWildcard(name, group) !== undefined)
}

export interface ModelAlias {
  readonly group: string
  readonly hidden: boolean
}

/** `model_group_alias`, checked: an alias leads to an entry of the list, never to another alias. */
export function compileAliases(
  file: ConfigFile,
  names: WrittenNames,
  context: CompileContext,
): Map<string, ModelAlias> {
  const aliases = new Map<string, ModelAlias>()
  const written = file.router_settings?.model_group_alias ?? {}
  for (const [alias, value] of Object.entries(written)) {
    const where = locate(context, written, alias)
    const group = typeof value === 'string' ? value : value.model
    const hidden = typeof value === 'string' ? false : (value.hidden ?? false)
    if (names.models.has(alias) || names.routers.has(alias)) {
      context.problems.warning({
        ...where,
        message: `${alias} is an alias and a model_name: the model_name wins and the alias has no effect`,
        seen: alias,
      })
    } else if (isNamed(group, names)) {
      aliases.set(alias, { group, hidden })
    } else {
      const nearest = nearestName(group, [...names.models, ...names.routers])
      context.problems.error({
        ...where,
        message: `the alias ${alias} names ${JSON.stringify(group)}, which is not in model_list${nearest === undefined ? '' : `. Did you mean ${nearest}?`}`,
        seen: group,
        wanted: 'a model_name of this file',
        nearest,
      })
    }
  }
  return aliases
}
