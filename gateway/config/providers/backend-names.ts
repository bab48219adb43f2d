/** The kinds of local servers that are told apart: what may stand as `vendor` of a backend, and before the slash of a model. */
export const backendVendors = [
  'ollama',
  'llamacpp',
  'vllm',
  'lmstudio',
  'localai',
  'koboldcpp',
  'sglang',
  'tgi',
  'mlx',
  'jan',
  'docker',
  'llama-swap',
  'tabbyapi',
  'nim',
  'pair',
] as const

export type BackendVendor = (typeof backendVendors)[number]

/** Other spellings of some. */
const spellings = ['llama.cpp', 'lm_studio'] as const

/** Stands before what any of them has: `local/*`, `local:tools`. */
export const anyBackend = 'local'

/**
 * Prefixes of local servers that can be found by themselves. A tier may name `ollama/qwen3:8b` before that server was
 * ever seen: the model is awaited, not an error.
 */
export const discoverableBackends: ReadonlySet<string> = new Set([...backendVendors, ...spellings, anyBackend])

/** The vendor that a spelling means; undefined for a word that is none. */
export function vendorOf(word: string): BackendVendor | undefined {
  const plain = word === 'llama.cpp' ? 'llamacpp' : word === 'lm_studio' ? 'lmstudio' : word
  return backendVendors.find((vendor) => vendor === plain)
}
