import type { NewModelEntry } from '../../config/edit/model-entries.ts'
import type { JsonObject } from '../../model/json.ts'
import type { OfferedModel } from './describe-model.ts'
import type { ProviderPlace } from './provider-places.ts'

export interface NewEntries {
  readonly entries: readonly NewModelEntry[]
  readonly skipped: readonly { readonly id: string; readonly reason: string }[]
}

/**
 * The entries that some of a provider's models get. `prefix` undefined = what the names of its other entries begin with,
 * else the name of a provider that the user defined. `taken` are the names that stand for something already. Pure.
 */
export function newEntries(
  ids: readonly string[],
  offered: readonly OfferedModel[],
  { name, provider, deployments }: ProviderPlace,
  { prefix, taken }: { readonly prefix: string | undefined; readonly taken: ReadonlySet<string> },
): NewEntries {
  const before =
    prefix ?? (deployments.length === 0 ? `${name}/` : sharedPrefix(deployments.map((one) => one.modelName)))
  const names = new Set(taken)
  const entries: NewModelEntry[] = []
  const skipped: { id: string; reason: string }[] = []
  for (const id of new Set(ids)) {
    const model = offered.find((one) => one.id === id)
    const modelName = before + id
    const known = deployments.find((one) => one.upstreamModel === id)
    if (model === undefined) skipped.push({ id, reason: `${name} does not list it` })
    else if (known !== undefined) skipped.push({ id, reason: `${known.modelName} stands for it already` })
    else if (names.has(modelName)) skipped.push({ id, reason: `the name ${modelName} is taken; give another prefix` })
    else {
      names.add(modelName)
      entries.push({ modelName, provider, upstreamModel: id, modelInfo: modelInfo(model) })
    }
  }
  return { entries, skipped }
}

/** `saia/` where all names begin so, else nothing. */
function sharedPrefix(names: readonly string[]): string {
  const [first = ''] = names
  const prefix = first.slice(0, first.indexOf('/') + 1)
  return names.every((name) => name.startsWith(prefix)) ? prefix : ''
}

/** In LiteLLM's words. What the provider does not say is left out: nothing is guessed into a file. */
function modelInfo(model: OfferedModel): JsonObject {
  const { kind, vision, reasoning, tools, contextWindow, maxOutputTokens } = model
  return {
    ...(kind === 'chat' ? {} : { mode: modes[kind] }),
    ...(vision === undefined ? {} : { supports_vision: vision }),
    ...(reasoning === undefined ? {} : { supports_reasoning: reasoning }),
    ...(tools === undefined ? {} : { supports_function_calling: tools }),
    ...(contextWindow === undefined ? {} : { max_input_tokens: contextWindow }),
    ...(maxOutputTokens === undefined ? {} : { max_output_tokens: maxOutputTokens }),
  }
}

const modes = {
  embedding: 'embedding',
  rerank: 'rerank',
  image: 'image_generation',
  audio: 'audio_transcription',
} as const satisfies Record<Exclude<OfferedModel['kind'], 'chat'>, string>
