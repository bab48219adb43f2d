import { Type } from 'typebox'

const any = () => Type.Optional(Type.Unknown())
const number = () => Type.Optional(Type.Number())
const whole = () => Type.Optional(Type.Integer())
const text = () => Type.Optional(Type.String())
const flag = () => Type.Optional(Type.Boolean())

/**
 * Fields of a chat request that a file may set as defaults. Sources: OpenAI's chat completions reference, and the extra
 * fields that vLLM, OpenRouter, Z.ai, Alibaba and Mistral document. `extra_body` is spread into the request.
 */
export const RequestFieldSchemas = {
  temperature: number(),
  top_p: number(),
  top_k: number(),
  min_p: number(),
  n: whole(),
  max_tokens: Type.Optional(Type.Integer({ minimum: 1 })),
  max_completion_tokens: Type.Optional(Type.Integer({ minimum: 1 })),
  presence_penalty: number(),
  frequency_penalty: number(),
  repetition_penalty: number(),
  seed: whole(),
  random_seed: whole(),
  stop: Type.Optional(Type.Union([Type.String(), Type.Array(Type.String())])),
  logit_bias: any(),
  logprobs: any(),
  top_logprobs: whole(),
  response_format: any(),
  tools: any(),
  tool_choice: any(),
  parallel_tool_calls: flag(),
  reasoning_effort: text(),
  reasoning: any(),
  verbosity: text(),
  thinking: any(),
  enable_thinking: flag(),
  thinking_budget: whole(),
  chat_template_kwargs: any(),
  service_tier: text(),
  store: flag(),
  user: text(),
  metadata: any(),
  modalities: any(),
  prediction: any(),
  prompt_cache_key: text(),
  safety_identifier: text(),
  web_search_options: any(),
  safe_prompt: flag(),
  provider: any(),
  models: any(),
  transforms: any(),
  keep_alive: any(),
  num_ctx: whole(),
  extra_body: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
}

/** Names of the fields above, `extra_body` included. */
export const requestFieldNames: ReadonlySet<string> = new Set(Object.keys(RequestFieldSchemas))
