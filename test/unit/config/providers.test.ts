import { describe, expect, it } from 'vitest'
import { readCatalogue } from '../../../gateway/config/providers/catalogue.ts'
import { readBaseUrl } from '../../../gateway/config/providers/base-url.ts'
import { configOf, deploymentOf, lines, loadText } from './load-text.ts'

describe('the shipped catalogue', () => {
  const { providers } = readCatalogue()

  it.each([
    'openai',
    'anthropic',
    'gemini',
    'mistral',
    'groq',
    'xai',
    'deepseek',
    'openrouter',
    'together_ai',
    'fireworks_ai',
    'cerebras',
    'moonshot',
    'minimax',
    'dashscope',
    'zai',
    'nvidia_nim',
    'perplexity',
    'opencode_go',
    'opencode-go',
    'opencode',
    'ollama',
    'ollama_chat',
    'lm_studio',
    'llamafile',
  ])('has a usable base for %s', (id) => {
    const base = providers.get(id)?.baseUrl ?? ''
    expect(readBaseUrl(base, { appendV1: false })).toEqual({ kind: 'url', url: base, removed: undefined })
  })

  it.each(['hosted_vllm', 'vllm', 'custom_openai', 'openai_like'])('knows %s, whose base the file gives', (id) => {
    expect(providers.get(id)).toMatchObject({ baseUrl: undefined, unsupported: undefined })
  })

  it('knows that Mistral reports usage by itself', () => {
    expect(deploymentOf('{model: mistral/x, api_key: k}').acceptsStreamOptions).toBe(false)
    expect(deploymentOf('{model: openai/x, api_key: k}').acceptsStreamOptions).toBe(true)
  })
})

describe('what a model reference means', () => {
  it.each([
    ['{model: openai/meta-llama/Llama-3.3-70B, api_key: k}', 'openai', 'meta-llama/Llama-3.3-70B'],
    ['{model: openrouter/anthropic/claude-opus-5, api_key: k}', 'openrouter', 'anthropic/claude-opus-5'],
    ['{model: "ollama/qwen3.5:397b"}', 'ollama', 'qwen3.5:397b'],
    ['{model: meta/llama, custom_llm_provider: groq, api_key: k}', 'groq', 'meta/llama'],
    ['{model: groq/llama, custom_llm_provider: groq, api_key: k}', 'groq', 'llama'],
    ['{model: my-finetune, api_base: "http://h/v1"}', 'openai', 'my-finetune'],
    ['{model: gpt-5.5, api_key: k}', 'openai', 'gpt-5.5'],
    ['{model: o3-mini, api_key: k}', 'openai', 'o3-mini'],
    ['{model: claude-opus-5, api_key: k}', 'anthropic', 'claude-opus-5'],
    ['{model: gemini-3.5-flash, api_key: k}', 'gemini', 'gemini-3.5-flash'],
    ['{model: saia/gpt-oss, api_base: "https://h/v1", api_key: k}', 'saia', 'gpt-oss'],
  ])('%s is sent to %s as %s', (params, provider, upstreamModel) => {
    expect(deploymentOf(params)).toMatchObject({ provider, upstreamModel })
  })

  it.each([
    ['mistral/m', { max_completion_tokens: 'max_tokens' }],
    ['mistral/m, api_base: http://127.0.0.1:1/v1', { max_completion_tokens: 'max_tokens' }],
    ['openai/gpt-5.5', { max_tokens: 'max_completion_tokens' }],
    ['openai/qwen, api_base: http://127.0.0.1:1/v1', {}],
    ['box/qwen, api_base: http://127.0.0.1:1/v1', {}],
  ])('%s: the limit goes by the name that the provider knows', (model, renamed) => {
    expect(deploymentOf(`{model: ${model}, api_key: k}`).renamedFields).toEqual(renamed)
  })

  it('says once how an unknown prefix with a base is understood, with the other lines', () => {
    const entries = ['a', 'b', 'c'].map(
      (name) =>
        `  - model_name: ${name}\n    litellm_params: {model: mybox/${name}, api_base: http://127.0.0.1:1/v1}\n`,
    )
    expect(lines(loadText(`model_list:\n${entries.join('')}`), 'warning')).toEqual([
      '3:29 mybox/ is not a known provider: it is taken as OpenAI-compatible, because api_base is set (also on lines 5, 7)',
    ])
  })

  it('leaves an entry out that cannot work yet, says why, and lets the rest run', () => {
    const loaded = loadText(
      'model_list:\n  - model_name: a\n    litellm_params: {model: azure/d, api_base: "https://r.openai.azure.com"}\n  - model_name: b\n    litellm_params: {model: openai/x, api_key: k}\n',
    )
    expect(loaded.config?.modelNames).toEqual(['b'])
    expect(lines(loaded, 'warning')[0]).toMatch(/^3:29 a is left out: Azure/)
  })

  it('leaves other kinds of router out', () => {
    const loaded = loadText(
      'model_list:\n  - model_name: s\n    litellm_params: {model: auto_router/semantic, auto_router_default_model: x}\n',
    )
    expect(loaded.config?.modelNames).toEqual([])
    expect(lines(loaded, 'warning')).toEqual([
      '3:29 s is left out: auto_router/semantic is not supported in this version; auto_router/complexity_router is',
    ])
  })

  it.each([
    ['auto_router/complexity_ruter', '{SIMPLE: b}'],
    ['"auto_router/complexity_router "', '{SIMPLE: b}'],
    ['auto_router/complexity', '{SIMPLE: b}'],
  ])('refuses %s with the name that is meant', (model, tiers) => {
    const loaded = loadText(
      `model_list:\n  - model_name: b\n    litellm_params: {model: openai/x, api_key: k}\n  - model_name: r\n    litellm_params: {model: ${model}, complexity_router_config: {tiers: ${tiers}}}\n`,
    )
    expect(loaded.problems).toMatchObject([{ severity: 'error', line: 5, nearest: 'auto_router/complexity_router' }])
  })

  it('knows what a misspelt router prefix means', () => {
    const loaded = loadText(
      'model_list:\n  - model_name: r\n    litellm_params: {model: autorouter/complexity_router}\n',
    )
    expect(lines(loaded, 'error')[0]).toContain('Did you mean auto_router/?')
  })

  it('takes a pattern as a deployment for all that it covers, in chains and aliases too', () => {
    const loaded = loadText(
      'model_list:\n  - model_name: openai/*\n    litellm_params: {model: openai/*, api_key: k}\nrouter_settings: {fallbacks: [{openai/a: [openai/b]}], model_group_alias: {c: openai/c}}\n',
    )
    expect(loaded.problems).toEqual([])
    expect(loaded.config?.modelNames).toEqual(['openai/*'])
    expect(loaded.config?.groups.get('openai/*')?.[0]).toMatchObject({ provider: 'openai', upstreamModel: '*' })
    expect(loaded.config?.fallbacks.get('openai/a')).toEqual(['openai/b'])
    expect(loaded.config?.aliases.get('c')).toEqual({ group: 'openai/c', hidden: false })
  })

  it('leaves a pattern out whose target names no provider', () => {
    const loaded = loadText('model_list:\n  - model_name: "*"\n    litellm_params: {model: "*", api_key: k}\n')
    expect(loaded.config?.groups.size).toBe(0)
    expect(lines(loaded, 'warning')).toEqual([
      '3:29 * is left out: model "*" names no provider: write it as provider/*, such as openai/*',
    ])
  })
})

describe("the user's own providers", () => {
  const entry = 'model_list:\n  - model_name: m\n    litellm_params: {model: box/x}\n'

  it('come from a block and from providers.json, the block last', () => {
    const options = {
      providersJson: '{\n\t"box": {"base_url": "https://json/v1", "api_key_env": "BOX_KEY"}\n}',
      environment: { BOX_KEY: 'k' },
    }
    expect(configOf(entry, options).groups.get('m')?.[0]).toMatchObject({
      baseUrl: 'https://json/v1',
      provider: 'box',
      apiKey: { kind: 'value' },
    })
    const block = `${entry}providers: {box: {base_url: "https://block/v1/"}}\n`
    expect(configOf(block, options).groups.get('m')?.[0]).toMatchObject({
      baseUrl: 'https://block/v1',
      apiKey: { kind: 'value' },
    })
  })

  it('may map fields to the names that the upstream knows', () => {
    const providers =
      'providers: {box: {base_url: "https://box/v1", param_mappings: {max_completion_tokens: max_tokens}}}\n'
    expect(configOf(`${entry}${providers}`).groups.get('m')?.[0]?.renamedFields).toEqual({
      max_completion_tokens: 'max_tokens',
    })
  })

  it('are merged over the catalogue: what is not written stays', () => {
    const text =
      'model_list:\n  - model_name: m\n    litellm_params: {model: mistral/x}\nproviders: {mistral: {base_url: "https://eu/v1"}}\n'
    const deployment = configOf(text, { environment: { MISTRAL_API_KEY: 'k' } }).groups.get('m')?.[0]
    expect(deployment).toMatchObject({
      baseUrl: 'https://eu/v1',
      acceptsStreamOptions: false,
      apiKey: { kind: 'value' },
    })
  })

  it('may name another variable for the base, and headers with the key in them', () => {
    const text = `${entry}providers: {box: {base_url: "https://a/v1", api_base_env: BOX_BASE, api_key_env: BOX_KEY, headers: {X-Key: "k={api_key}"}}}\n`
    const deployment = configOf(text, { environment: { BOX_BASE: 'https://b/v1', BOX_KEY: 'v' } }).groups.get('m')?.[0]
    expect(deployment).toMatchObject({ baseUrl: 'https://b/v1', headers: { 'x-key': 'k=v' } })
    expect(configOf(text).groups.get('m')?.[0]?.headers).toEqual({})
  })

  it('problems in providers.json name that file and its line', () => {
    const loaded = loadText(entry, {
      providersJson: '{\n  "box": {\n    "base_url": "ftp://x",\n    "api_key_evn": "K"\n  }\n}\n',
    })
    const found = loaded.problems
      .filter((problem) => problem.file.endsWith('providers.json'))
      .map((problem) => `${problem.line}:${problem.column} ${problem.message}`)
    expect(found).toEqual([
      '3:17 base_url must be an address such as http://host:8000/v1, starting with http:// or https://',
      '4:5 api_key_evn is not a known key: it has no effect. Did you mean api_key_env?',
    ])
    expect(loaded.config).toBeUndefined()
  })

  it('a list in providers.json is told what is wanted there', () => {
    expect(lines(loadText(entry, { providersJson: '[]' }), 'error')[0]).toBe(
      '1:1 The file is a list, must be one block of providers by prefix',
    )
  })

  it('a broken providers.json is an error of that file', () => {
    const [problem] = loadText('', { providersJson: '{"a": ' }).problems
    expect(problem).toMatchObject({ severity: 'error', line: 1 })
    expect(problem?.file).toMatch(/providers\.json$/)
  })
})

describe("a provider's own quota", () => {
  const text = (quota: string) => `providers:
  saia: {base_url: "https://chat.example.org/v1", api_key_env: SAIA_API_KEY, quota: ${quota}}
model_list:
  - {model_name: a, litellm_params: {model: saia/a}}
  - {model_name: b, litellm_params: {model: saia/b, rpm: 5}}
  - {model_name: c, litellm_params: {model: saia/c, api_key: another}}
  - {model_name: d, litellm_params: {model: openai/d, api_key: k}}
`
  const environment = { SAIA_API_KEY: 'very-secret' }

  it('is one for each key, shared by all models with it, beside what an entry has for itself', () => {
    const quota = '{requests_per_minute: 30, requests_per_day: 1000, resets_at: "00:00", timezone: Europe/Berlin}'
    const { groups } = configOf(text(quota), { environment })
    const account = (name: string) => groups.get(name)?.[0]?.account
    expect(account('a')?.quota).toEqual({
      requestsPerMinute: 30,
      tokensPerMinute: undefined,
      requestsPerDay: 1000,
      tokensPerDay: undefined,
      resetsAtMinute: 0,
      timeZone: 'Europe/Berlin',
    })
    expect(account('b')).toEqual(account('a'))
    expect(groups.get('b')?.[0]?.quota?.requestsPerMinute).toBe(5)
    expect(account('c')?.id).not.toBe(account('a')?.id)
    expect(account('a')?.id).not.toContain('very-secret')
    expect(account('d')).toBeUndefined()
  })

  it('is told once where it is wrong', () => {
    const loaded = loadText(text('{requests_per_minute: 30, resets_at: noon}'), { environment })
    expect(lines(loaded, 'error')).toEqual([
      expect.stringMatching(/^2:\d+ resets_at is "noon", must be a clock time such as "00:00"$/),
    ])
  })
})
