import type { ConfigFile } from '../schema/config-file.ts'
import type { CompileContext } from './compile-context.ts'
import { type DeclaredNames, readModelReference } from './model-references.ts'
import { type FallbackStep, readFallbacks, type WrittenChain } from './read-fallbacks.ts'

const sections = ['router_settings', 'litellm_settings'] as const

type ChainKind = 'fallbacks' | 'context_window_fallbacks' | 'content_policy_fallbacks'

/**
 * Ordered fallback groups by group; `*` holds `default_fallbacks`. `router_settings` wins over `litellm_settings`. Each
 * name is checked: one that is not in the list is left out with a warning, since LiteLLM starts with such a file and its
 * chain works without it.
 */
export function compileFallbacks(
  file: ConfigFile,
  declared: DeclaredNames,
  context: CompileContext,
): Map<string, readonly string[]> {
  const fallbacks = compileChains(file, 'fallbacks', declared, context)
  const defaults = defaultChain(file, context)
  if (defaults.length > 0 && !fallbacks.has('*')) {
    const models = checkSteps(defaults, 'default_fallbacks', undefined, declared, context)
    if (models.length > 0) fallbacks.set('*', models)
  }
  return fallbacks
}

/** The chains of one of the other kinds, by group; read and checked like `fallbacks`. */
export function compileOtherFallbacks(
  file: ConfigFile,
  kind: 'context_window_fallbacks' | 'content_policy_fallbacks',
  declared: DeclaredNames,
  context: CompileContext,
): Map<string, readonly string[]> {
  return compileChains(file, kind, declared, context)
}

function compileChains(
  file: ConfigFile,
  kind: ChainKind,
  declared: DeclaredNames,
  context: CompileContext,
): Map<string, readonly string[]> {
  const chains = new Map<string, readonly string[]>()
  const section = sections.find((name) => file[name]?.[kind] !== undefined)
  const written = section === undefined ? undefined : file[section]?.[kind]
  for (const chain of written === undefined ? [] : readFallbacks(written, context)) {
    const { group, models } = checkChain(chain, declared, context)
    if (group === undefined) continue
    if (chains.has(group)) reportSecondChain(chain, context)
    else if (models.length > 0) chains.set(group, models)
  }
  return chains
}

function defaultChain(file: ConfigFile, context: CompileContext): FallbackStep[] {
  for (const name of sections) {
    const written = file[name]?.default_fallbacks
    const node = written === undefined ? undefined : context.reader.nodeOf(written)
    if (node?.kind !== 'list' || written === undefined) continue
    return written.flatMap((step, index) => {
      const at = node.items[index]
      return at === undefined ? [] : [{ model: typeof step === 'string' ? step : step.model, node: at }]
    })
  }
  return []
}

function checkChain(
  chain: WrittenChain,
  declared: DeclaredNames,
  context: CompileContext,
): { readonly group: string | undefined; readonly models: readonly string[] } {
  const group = chain.group === '*' ? '*' : checkGroup(chain, declared, context)
  return { group, models: checkSteps(chain.steps, chain.group, group, declared, context) }
}

function checkGroup(chain: WrittenChain, declared: DeclaredNames, context: CompileContext): string | undefined {
  const reference = readModelReference(chain.group, declared)
  if (reference.kind !== 'unknown') return reference.model
  reportUnknown(chain.group, 'fallbacks', { model: chain.group, node: chain.groupNode }, reference.nearest, context)
  return undefined
}

function checkSteps(
  steps: readonly FallbackStep[],
  subject: string,
  group: string | undefined,
  declared: DeclaredNames,
  context: CompileContext,
): string[] {
  const models: string[] = []
  for (const step of steps) {
    const reference = readModelReference(step.model, declared)
    const where = { place: step.node.place, path: step.node.path }
    if (reference.kind === 'unknown') {
      reportUnknown(step.model, subject, step, reference.nearest, context)
    } else if (reference.kind === 'router') {
      const message = `${subject}: the router ${step.model} cannot stand in a chain and is left out. Name a model`
      context.problems.warning({ ...where, message, seen: step.model, wanted: 'a model_name' })
    } else if (reference.model !== group && !models.includes(reference.model)) {
      if (reference.kind === 'waiting') {
        context.problems.note({
          ...where,
          message: `${subject} waits for ${reference.model}: ${reference.because}`,
          seen: step.model,
        })
      }
      models.push(reference.model)
    }
  }
  return models
}

function reportUnknown(
  name: string,
  subject: string,
  at: FallbackStep,
  nearest: string | undefined,
  context: CompileContext,
): void {
  const advice = nearest === undefined ? 'Add it to model_list, or remove it here' : `Did you mean ${nearest}?`
  context.problems.warning({
    place: at.node.place,
    path: at.node.path,
    message: `${subject} names ${JSON.stringify(name)}, which is not in model_list: it is left out. ${advice}`,
    seen: name,
    wanted: 'a model_name of this file',
    nearest,
  })
}

function reportSecondChain(chain: WrittenChain, context: CompileContext): void {
  context.problems.warning({
    place: chain.groupNode.place,
    path: chain.groupNode.path,
    message: `${chain.group} has a chain above already; this one has no effect`,
  })
}
