/** A cell that cannot be had, and why: the gateway refuses such a request in words. */
export interface Refusal {
  readonly dialect: string
  readonly provider: string
  readonly cell: string
  readonly why: string
}

const elsewhere = 'the file lies with another provider'

/** Files by id belong to an account at one provider: chat completions and Responses are two wires of the same one. */
export const refusals: readonly Refusal[] = [
  ['chat completions', 'anthropic'],
  ['chat completions', 'gemini'],
  ['responses', 'anthropic'],
  ['responses', 'gemini'],
  ['messages', 'openai-compatible'],
  ['messages', 'openai-responses'],
  ['messages', 'gemini'],
  ['gemini', 'openai-compatible'],
  ['gemini', 'openai-responses'],
  ['gemini', 'anthropic'],
  ['chat completions', 'ollama'],
  ['responses', 'ollama'],
  ['messages', 'ollama'],
  ['gemini', 'ollama'],
].map(([dialect = '', provider = '']) => ({ dialect, provider, cell: 'file id', why: elsewhere }))
