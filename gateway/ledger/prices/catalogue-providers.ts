/**
 * Our provider names and the price catalogue's. Only these are looked up: a custom provider (`opencodego`, `ollama`,
 * `vllm`…) has its own contract, and another seller's price for the same model id would be a guess.
 */
export const catalogueProviders: Readonly<Record<string, string>> = {
  openai: 'openai',
  anthropic: 'anthropic',
  gemini: 'google',
  google: 'google',
  vertex_ai: 'google',
  mistral: 'mistral',
  groq: 'groq',
  xai: 'x-ai',
  deepseek: 'deepseek',
  openrouter: 'openrouter',
  together_ai: 'together',
  together: 'together',
  fireworks_ai: 'fireworks',
  fireworks: 'fireworks',
  cerebras: 'cerebras',
  moonshot: 'moonshotai',
  minimax: 'minimax',
  perplexity: 'perplexity',
  cohere: 'cohere',
  novita: 'novita',
  ovhcloud: 'ovhcloud',
  zai: 'zai',
}

/**
 * Entries that are exact by name and yet wrong, by catalogue provider (ids in lower case). They count as unknown.
 *
 * - `openai`: open-weight models that OpenAI publishes but does not sell; the figures are some host's, and the prefix
 *   `openai/` with another base URL is how people reach their own.
 * - `mistral`: ids listed under another model's entry, or with the price of an older release.
 * - `groq`, `minimax`: one model listed under the entry of another with different prices.
 * - `deepseek`: aliases that moved to newer models while their figures are of 2025.
 * - `zai`: published price lists differ by a factor of two.
 */
const wrongEntries: Readonly<Record<string, readonly string[]>> = {
  openai: ['gpt-oss-120b', 'gpt-oss-20b', 'gpt-oss-safeguard-20b'],
  mistral: ['mistral-medium-3', 'mistral-small-latest', 'labs-devstral-small-2512'],
  groq: ['openai/gpt-oss-safeguard-20b'],
  minimax: ['minimax-m2.1', 'minimax-m2.5'],
  deepseek: ['deepseek-chat', 'deepseek-reasoner'],
  zai: ['glm-5.3-flash'],
}

/** Both in lower case. */
export function isWrongEntry(catalogueProvider: string, modelId: string): boolean {
  return wrongEntries[catalogueProvider]?.includes(modelId) ?? false
}

/** Catalogue providers whose peak hours hold Monday to Friday (UTC) only, which the catalogue's data cannot say. */
export const weekdayPeakProviders: ReadonlySet<string> = new Set(['deepseek'])
