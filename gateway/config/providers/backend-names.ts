/**
 * Prefixes of local servers that can be found by themselves. A tier may name `ollama/qwen3:8b` before that server was
 * ever seen: the model is awaited, not an error.
 */
export const discoverableBackends: ReadonlySet<string> = new Set([
  'ollama',
  'llamacpp',
  'llama.cpp',
  'llama-swap',
  'vllm',
  'lmstudio',
  'lm_studio',
  'localai',
  'koboldcpp',
  'sglang',
  'tgi',
  'mlx',
  'jan',
  'docker',
  'tabbyapi',
  'nim',
  'local',
])
