import type { Static } from 'typebox'
import { FallbackChainSchema, FallbackGroupSchema, type FallbacksSchema } from '../schema/router-settings.ts'
import type { SourceMap, SourceNode } from '../source/source-tree.ts'
import { entryOf } from '../source/source-tree.ts'
import type { CompileContext } from './compile-context.ts'

export interface FallbackStep {
  readonly model: string
  readonly node: SourceNode
}

/** One chain as written: whose it is, and the models in order. */
export interface WrittenChain {
  readonly group: string
  readonly groupNode: SourceNode
  readonly steps: readonly FallbackStep[]
}

/**
 * Reads `fallbacks` in each of its forms: a list of single-key blocks (LiteLLM's own), a list of
 * `{model_name, fallback_models}`, one block of chains; steps are names or blocks with `model`.
 */
export function readFallbacks(written: Static<typeof FallbacksSchema>, context: CompileContext): WrittenChain[] {
  const node = context.reader.nodeOf(written)
  if (node?.kind === 'map') return readChainMap(node, context)
  if (node?.kind !== 'list') return []
  return node.items.flatMap((item) => (item.kind === 'map' ? readItem(item, context) : []))
}

function readItem(item: SourceMap, context: CompileContext): WrittenChain[] {
  const name = entryOf(item, 'model_name')
  const models = entryOf(item, 'fallback_models')
  if (name !== undefined && models !== undefined) {
    const group = context.reader.read(FallbackGroupSchema, name.node, 'model_name')
    return group === undefined
      ? []
      : [{ group, groupNode: name.node, steps: readSteps(models.node, 'fallback_models', context) }]
  }
  return readChainMap(item, context)
}

function readChainMap(map: SourceMap, context: CompileContext): WrittenChain[] {
  return map.entries.map(({ key, keyPlace, node }) => ({
    group: key,
    groupNode: { ...node, place: keyPlace },
    steps: readSteps(node, key, context),
  }))
}

/** The models of one chain; a single name stands for a chain of one. */
export function readSteps(node: SourceNode, subject: string, context: CompileContext): FallbackStep[] {
  const chain = context.reader.read(FallbackChainSchema, node, subject)
  if (chain === undefined) return []
  if (typeof chain === 'string') return [{ model: chain, node }]
  if (node.kind !== 'list') return []
  const steps: FallbackStep[] = []
  for (const item of node.items) {
    const model = nameOfStep(item)
    if (model === undefined) continue
    tellUnusedFields(item, model, subject, context)
    steps.push({ model, node: item })
  }
  return steps
}

function nameOfStep(item: SourceNode): string | undefined {
  const node = item.kind === 'map' ? entryOf(item, 'model')?.node : item
  return node?.kind === 'scalar' && node.value !== null ? String(node.value) : undefined
}

function tellUnusedFields(item: SourceNode, model: string, subject: string, { problems }: CompileContext): void {
  if (item.kind !== 'map') return
  const unused = item.entries.find(({ key }) => key !== 'model')
  if (unused === undefined) return
  problems.warning({
    place: unused.keyPlace,
    path: item.path,
    message: `${subject}: ${unused.key} beside ${model} has no effect: in the file a step names a model only. Give ${model} an entry with such fields in litellm_params, or write the chain into the request`,
    seen: unused.key,
    wanted: 'model',
  })
}
