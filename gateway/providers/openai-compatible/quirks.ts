import type { Deployment } from '../../config/gateway-config.ts'
import type { ToolIdRule } from '../../model/tool-ids.ts'
import { effortFamily, efforts, type ReasoningControl, rulesOf } from './model-families.ts'

/** What one upstream of the chat wire does differently from the others. Facts only; the code that obeys them is elsewhere. */
export interface ChatQuirks {
  readonly limitField: 'max_tokens' | 'max_completion_tokens'
  /** `developer`: system turns go out under that name to OpenAI's reasoning models. */
  readonly systemRole: 'system' | 'developer'
  /** `first`: templates that raise on a system message after another one. */
  readonly systemPlace: 'anywhere' | 'first'
  readonly toolIds: ToolIdRule
  /** An id outside that rule is answered with an error. */
  readonly refusesOtherIds: boolean
  /** A user message may follow a tool message. */
  readonly userAfterTool: boolean
  /** What makes a trailing assistant message a beginning to be continued. */
  readonly prefill: 'history' | 'prefix' | 'continue'
  /** The field that carries visible reasoning of earlier turns back. */
  readonly reasoningField: 'reasoning_content' | 'reasoning' | 'thinking-chunk' | undefined
  /** Assistant messages without reasoning need an empty text in that field. */
  readonly reasoningRequired: boolean
  /** A message with a reasoning field, whatever its name, is answered with an error. */
  readonly refusesReasoning: boolean
  /** The role `developer` is answered with an error. */
  readonly refusesDeveloper: boolean
  readonly reasoning: ReasoningControl
  /** Several text parts may stand in one message; else they are joined. */
  readonly textParts: boolean
  readonly toolChoices: 'all' | 'no-force' | 'no-named' | 'none'
  readonly parallelToolCalls: boolean
  readonly strictTools: boolean
  readonly customTools: boolean
  readonly allowedTools: boolean
  readonly imageUrls: boolean
  /** How a PDF is sent, where it can be. */
  readonly documents: 'file' | 'document_url' | undefined
  readonly documentUrls: boolean
  readonly audio: boolean
  readonly topK: boolean
  readonly jsonSchema: boolean
  readonly seedField: 'seed' | 'random_seed'
  readonly cacheMarks: 'breakpoint' | 'cache_control' | undefined
  /** Request fields beyond the common ones. */
  readonly fields: ReadonlySet<OptionalField>
}

/** Fields that many upstreams refuse or ignore: sent only where they are known. */
export type OptionalField =
  | 'prompt_cache_key'
  | 'service_tier'
  | 'verbosity'
  | 'metadata'
  | 'user'
  | 'frequency_penalty'
  | 'stop'
  | 'logit_bias'
  | 'logprobs'

const anyId: ToolIdRule = { pattern: /^[A-Za-z0-9_-]{1,40}$/, length: 24 }
const nineLetters: ToolIdRule = { pattern: /^[A-Za-z0-9]{9}$/, length: 9 }

const allEfforts: ReasoningControl = { kind: 'effort', levels: efforts('none', 'max') }

/** Any server that says it is compatible: what nearly all of them take. */
const common: ChatQuirks = {
  limitField: 'max_tokens',
  systemRole: 'system',
  systemPlace: 'anywhere',
  toolIds: anyId,
  refusesOtherIds: false,
  userAfterTool: true,
  prefill: 'history',
  reasoningField: undefined,
  reasoningRequired: false,
  refusesReasoning: false,
  refusesDeveloper: false,
  reasoning: allEfforts,
  textParts: false,
  toolChoices: 'all',
  parallelToolCalls: true,
  strictTools: false,
  customTools: false,
  allowedTools: false,
  imageUrls: true,
  documents: undefined,
  documentUrls: false,
  audio: false,
  topK: false,
  jsonSchema: true,
  seedField: 'seed',
  cacheMarks: undefined,
  fields: new Set(['user', 'frequency_penalty', 'stop', 'logit_bias', 'logprobs']),
}

/** Servers that put messages through a Jinja template. */
const template: Partial<ChatQuirks> = {
  systemPlace: 'first',
  refusesDeveloper: true,
  topK: true,
  reasoning: { kind: 'template' },
}

const openai: Partial<ChatQuirks> = {
  limitField: 'max_completion_tokens',
  refusesOtherIds: true,
  systemRole: 'developer',
  textParts: true,
  strictTools: true,
  customTools: true,
  allowedTools: true,
  documents: 'file',
  audio: true,
  fields: new Set([
    'prompt_cache_key',
    'service_tier',
    'verbosity',
    'metadata',
    'user',
    'frequency_penalty',
    'stop',
    'logit_bias',
    'logprobs',
  ]),
}

/** By provider id; see the provider catalogue for where the facts of each are from. */
const byProvider: Readonly<Record<string, Partial<ChatQuirks>>> = {
  openai,
  github: { strictTools: true, reasoning: { kind: 'none' } },
  gemini: {
    textParts: true,
    documents: 'file',
    audio: true,
    reasoning: { kind: 'effort', levels: efforts('none', 'high') },
  },
  anthropic: { textParts: true, reasoning: { kind: 'none' } },
  mistral: {
    systemPlace: 'first',
    refusesReasoning: true,
    refusesDeveloper: true,
    toolIds: nineLetters,
    refusesOtherIds: true,
    userAfterTool: false,
    prefill: 'prefix',
    reasoningField: 'thinking-chunk',
    reasoning: { kind: 'effort', levels: ['none', 'high'] },
    strictTools: true,
    seedField: 'random_seed',
    documents: 'document_url',
    documentUrls: true,
    audio: true,
    fields: new Set(['prompt_cache_key', 'frequency_penalty', 'stop', 'metadata']),
  },
  groq: {
    refusesReasoning: true,
    textParts: true,
    reasoning: { kind: 'effort', levels: efforts('none', 'high') },
    fields: new Set(['service_tier', 'user', 'frequency_penalty', 'stop']),
  },
  xai: {
    textParts: true,
    reasoning: { kind: 'effort', levels: efforts('none', 'xhigh') },
    fields: new Set(['user']),
  },
  deepseek: {
    reasoningField: 'reasoning_content',
    reasoningRequired: true,
    reasoning: { kind: 'thinking', levels: ['low', 'high', 'max'] },
    toolChoices: 'no-force',
    parallelToolCalls: false,
    jsonSchema: false,
    imageUrls: false,
    fields: new Set(['frequency_penalty', 'stop']),
  },
  moonshot: {
    reasoningField: 'reasoning_content',
    reasoningRequired: true,
    reasoning: { kind: 'thinking', levels: [] },
    toolChoices: 'no-force',
    parallelToolCalls: false,
  },
  xiaomi_mimo: {
    reasoningField: 'reasoning_content',
    reasoningRequired: true,
    reasoning: { kind: 'thinking', levels: [] },
    parallelToolCalls: false,
  },
  zai: {
    reasoningField: 'reasoning_content',
    reasoning: { kind: 'thinking', levels: ['low', 'high', 'max'] },
    parallelToolCalls: false,
    strictTools: true,
    cacheMarks: 'cache_control',
  },
  minimax: { reasoning: { kind: 'none' }, parallelToolCalls: false },
  openrouter: {
    textParts: true,
    reasoningField: 'reasoning',
    reasoning: { kind: 'openrouter' },
    strictTools: true,
    documents: 'file',
    documentUrls: true,
    audio: true,
    topK: true,
    cacheMarks: 'cache_control',
    fields: new Set([
      'prompt_cache_key',
      'service_tier',
      'verbosity',
      'user',
      'frequency_penalty',
      'stop',
      'logit_bias',
      'logprobs',
    ]),
  },
  together_ai: { topK: true, parallelToolCalls: false, reasoning: { kind: 'effort', levels: efforts('low', 'high') } },
  fireworks_ai: { topK: true, limitField: 'max_completion_tokens', strictTools: true },
  cerebras: { strictTools: true, reasoning: { kind: 'effort', levels: efforts('none', 'high') } },
  dashscope: { reasoning: { kind: 'budget' }, topK: true },
  opencode: { strictTools: true, refusesDeveloper: true, reasoningField: 'reasoning_content' },
  perplexity: { reasoning: { kind: 'none' } },
  nvidia_nim: { reasoning: { kind: 'none' } },
  ollama: {
    reasoningField: 'reasoning',
    reasoning: { kind: 'effort', levels: efforts('none', 'max') },
    toolChoices: 'none',
    parallelToolCalls: false,
    imageUrls: false,
    fields: new Set(['frequency_penalty', 'stop']),
  },
  lm_studio: { ...template, reasoning: allEfforts },
  llamafile: { ...template, reasoningField: 'reasoning_content', toolChoices: 'no-named' },
  hosted_vllm: { ...template, prefill: 'continue' },
  saia: { ...template },
}

const aliases: Readonly<Record<string, string>> = {
  google: 'gemini',
  together: 'together_ai',
  fireworks: 'fireworks_ai',
  'opencode-go': 'opencode',
  opencode_go: 'opencode',
  'opencode-zen': 'opencode',
  lmstudio: 'lm_studio',
  vllm: 'hosted_vllm',
  llamacpp: 'llamafile',
  llama_cpp: 'llamafile',
  ollama_chat: 'ollama',
}

type QuirkyDeployment = Pick<Deployment, 'provider' | 'upstreamModel' | 'baseUrl'>

const known = new WeakMap<QuirkyDeployment, ChatQuirks>()

/** The quirks of a deployment: of its provider, and of its model where one provider's models differ. Read once for each. */
export function quirksOf(deployment: QuirkyDeployment): ChatQuirks {
  const found = known.get(deployment)
  if (found !== undefined) return found
  const quirks = readQuirks(deployment)
  known.set(deployment, quirks)
  return quirks
}

function readQuirks(deployment: QuirkyDeployment): ChatQuirks {
  const { upstreamModel } = deployment
  const id = providerId(deployment)
  const quirks = { ...common, ...(Object.hasOwn(byProvider, id) ? byProvider[id] : {}) }
  const rules = rulesOf(upstreamModel)
  return {
    ...quirks,
    reasoning: effortFamily(id, upstreamModel) ?? quirks.reasoning,
    limitField: rules.reasons ? 'max_completion_tokens' : quirks.limitField,
    cacheMarks: id === 'openai' && takesBreakpoints.test(upstreamModel) ? 'breakpoint' : quirks.cacheMarks,
    reasoningRequired: quirks.reasoningRequired || needsReasoning(id, upstreamModel),
  }
}

/** The prefix `openai/` also stands for any server under another address, which then has nothing of OpenAI's own. */
function providerId({ provider, baseUrl }: Pick<Deployment, 'provider' | 'baseUrl'>): string {
  const id = Object.hasOwn(aliases, provider) ? (aliases[provider] ?? provider) : provider
  return id === 'openai' && !/^https:\/\/(?:[a-z]+\.)?api\.openai\.com(?:[:/]|$)/.test(baseUrl) ? 'custom_openai' : id
}

const takesBreakpoints = /^gpt-(?:5\.[6-9]|[6-9])/

/** Behind OpenCode's one door stand models of makers that want reasoning back. */
function needsReasoning(provider: string, model: string): boolean {
  return provider === 'opencode' && /deepseek|kimi|mimo/i.test(model)
}
