import { describe, expect, it } from 'vitest'
import { configOf, lines, loadText } from './load-text.ts'

/** Configurations of the kind people publish, each with habits that LiteLLM itself refuses or ignores. */
const severalPlans = `
model_list:
  - model_name: glm-5-turbo
    litellm_params:
      model: openai/glm-5-turbo
      api_base: https://open.bigmodel.cn/api/paas/v4
      api_key: \${ZAI_API_KEY}
  - model_name: saia/gpt-oss-120b
    litellm_params:
      model: openai/gpt-oss-120b
      api_base: https://chat-ai.academiccloud.de/v1
      api_key: \${SAIA_API_KEY}
  - model_name: qwen3.5-397b
    litellm_params:
      model: ollama/qwen3.5:397b
      api_base: http://gpu-node:11434
router_settings:
  routing_strategy: "simple-shuffle"
  fallbacks:
    - "glm-5-turbo": ["saia/glm-4.7", "qwen3.5-397b"]
    - "saia/gpt-oss-120b": ["glm-5-turbo", "saia/qwen3.5-122b-a10b"]
`

const mixedServers = `
model_list:
  - model_name: "local-llama"
    litellm_params:
      model: "ollama/llama3.3:70b-instruct-q4_K_M"
      api_base: "http://ollama-host:11434"
      tags: ["eu-region"]
  - model_name: "smart"
    litellm_params:
      model: "anthropic/claude-opus-4-20250514"
      api_key: "os.environ/ANTHROPIC_API_KEY"
  - model_name: "vllm-llama"
    litellm_params:
      model: "openai/meta-llama/Llama-3.3-70B-Instruct"
      api_base: "http://vllm-host:8000/v1"
      api_key: "none"
  - model_name: "gpt4o"
    litellm_params: {model: "openai/gpt-4o", api_key: "os.environ/OPENAI_KEY_1"}
  - model_name: "gpt4o"
    litellm_params: {model: "openai/gpt-4o", api_key: "os.environ/OPENAI_KEY_2"}
router_settings:
  routing_strategy: "latency-based-routing"
  fallbacks:
    - model_name: "smart"
      fallback_models: ["gpt4o", "local-llama"]
  allowed_fails: 3
  cooldown_time: 60
general_settings:
  master_key: "os.environ/LITELLM_MASTER_KEY"
  health_check_interval: 30
litellm_settings:
  success_callback: ["langfuse"]
environment_variables:
  LANGFUSE_PUBLIC_KEY: "os.environ/LANGFUSE_PUBLIC_KEY"
`

const localBackends = `
model_list:
  - model_name: qwen3-coder
    litellm_params: {model: ollama_chat/qwen3-coder:30b, api_base: http://127.0.0.1:11434}
  - model_name: kimi-linear
    litellm_params: {model: hosted_vllm/moonshotai/Kimi-Linear-48B, api_base: http://127.0.0.1:8000/v1, api_key: none}
  - model_name: qwen3-235b
    litellm_params: {model: openai/qwen3-235b, api_base: http://127.0.0.1:8081/v1, api_key: sk-no-key}
general_settings:
  master_key: os.environ/LITELLM_MASTER_KEY
  database_url: null
`

describe('configurations as people publish them', () => {
  it('several plans: ${NAME} is a reference, names may have slashes, chains go without the models that the excerpt leaves out', () => {
    const config = configOf(severalPlans, { environment: { ZAI_API_KEY: 'z' } })
    expect(config.modelNames).toEqual(['glm-5-turbo', 'saia/gpt-oss-120b', 'qwen3.5-397b'])
    expect(config.groups.get('glm-5-turbo')?.[0]?.apiKey.kind).toBe('value')
    expect(config.groups.get('saia/gpt-oss-120b')?.[0]?.apiKey).toEqual({ kind: 'missing', names: ['SAIA_API_KEY'] })
    expect(config.groups.get('qwen3.5-397b')?.[0]).toMatchObject({
      provider: 'ollama',
      upstreamModel: 'qwen3.5:397b',
      baseUrl: 'http://gpu-node:11434',
    })
    expect(config.fallbacks.get('glm-5-turbo')).toEqual(['qwen3.5-397b'])
    expect(config.fallbacks.get('saia/gpt-oss-120b')).toEqual(['glm-5-turbo'])
  })

  it('mixed servers: two deployments of one name, and one warning for each setting without effect', () => {
    const loaded = loadText(mixedServers, {
      environment: { LITELLM_MASTER_KEY: 'm', ANTHROPIC_API_KEY: 'a', OPENAI_KEY_1: '1', OPENAI_KEY_2: '2' },
    })
    expect(loaded.config?.groups.get('gpt4o')).toHaveLength(2)
    expect(loaded.config?.fallbacks.get('smart')).toEqual(['gpt4o', 'local-llama'])
    expect(loaded.config?.groups.get('vllm-llama')?.[0]).toMatchObject({
      upstreamModel: 'meta-llama/Llama-3.3-70B-Instruct',
      apiKey: { kind: 'none' },
    })
    expect(lines(loaded, 'warning').map((line) => line.replace(/^\S+ /, ''))).toEqual([
      'langfuse needs LANGFUSE_PUBLIC_KEY and LANGFUSE_SECRET_KEY. No traces are sent to it until both are set',
    ])
    expect(loaded.missing).toEqual(['LANGFUSE_PUBLIC_KEY', 'LANGFUSE_SECRET_KEY'])
  })

  it('local backends without a database: nothing to say at all', () => {
    const loaded = loadText(localBackends, { environment: { LITELLM_MASTER_KEY: 'm' } })
    expect(loaded.problems).toEqual([])
    expect([...(loaded.config?.groups.values() ?? [])].flat().map(({ provider }) => provider)).toEqual([
      'ollama_chat',
      'hosted_vllm',
      'openai',
    ])
  })
})
