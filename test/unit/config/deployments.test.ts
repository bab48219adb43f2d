import { describe, expect, it } from 'vitest'
import { configOf, deploymentOf, lines, loadText } from './load-text.ts'

const keyed = 'model: openai/gpt-5.5, api_key: some-key'

describe('request defaults', () => {
  it('are the request fields among the parameters, extra_body spread, and nothing of connection, price or routing', () => {
    const deployment = deploymentOf(
      `{${keyed}, api_base: "http://h/v1", rpm: 3, tpm: 4, weight: 2, order: 1, tags: [eu], timeout: 9, input_cost_per_token: 1,
        temperature: 0.2, max_tokens: 100, stop: [a], reasoning_effort: high, extra_body: {top_k: 40, nested: {a: [1, null]}}}`,
    )
    expect(deployment.defaults).toEqual({
      temperature: 0.2,
      max_tokens: 100,
      stop: ['a'],
      reasoning_effort: 'high',
      top_k: 40,
      nested: { a: [1, null] },
    })
    expect(deployment).toMatchObject({ rpm: 3, tpm: 4, weight: 2, order: 1, tags: ['eu'] })
  })

  it('take an unknown field along with a warning, as LiteLLM does', () => {
    const text = `model_list:\n  - model_name: m\n    litellm_params: {${keyed}, guided_regex: a+}\n`
    expect(configOf(text).groups.get('m')?.[0]?.defaults).toEqual({ guided_regex: 'a+' })
    expect(lines(loadText(text), 'warning')).toEqual([
      '3:64 guided_regex is not a known key: it is sent to the provider as a request field',
    ])
  })

  it('never send what looks like a misspelt setting or a secret', () => {
    const deployment = deploymentOf(`{${keyed}, api_bse: "http://x", temperatur: 1, my_secret_token: abc}`)
    expect(deployment.defaults).toEqual({})
  })

  it('cannot set what belongs to each request', () => {
    const deployment = deploymentOf(`{${keyed}, extra_body: {model: other, messages: [], stream: true, top_k: 1}}`)
    expect(deployment.defaults).toEqual({ top_k: 1 })
  })
})

describe('prices', () => {
  it.each([
    ['0.00000015', '0.00000015'],
    ['1.5e-7', '1.5e-7'],
    ['"0.00000060"', '0.00000060'],
    ['0', '0'],
    ['3', '3'],
    ['0.1234567890123456789', '0.1234567890123456789'],
  ])('%s stays exact', (written, kept) => {
    expect(deploymentOf(`{${keyed}, input_cost_per_token: ${written}}`).prices?.inputPerToken).toBe(kept)
  })

  it('come from the parameters or from model_info, the parameters first', () => {
    const deployment = deploymentOf(`{${keyed}, input_cost_per_token: 1}`, {
      modelInfo: '{input_cost_per_token: 2, output_cost_per_token: 3, cache_read_input_token_cost: 0.5}',
    })
    expect(deployment.prices).toMatchObject({ inputPerToken: '1', outputPerToken: '3', cachedPerToken: '0.5' })
  })

  it('are undefined when none is written', () => {
    expect(deploymentOf(`{${keyed}}`).prices).toBeUndefined()
  })

  it('can come from a variable', () => {
    const deployment = deploymentOf(`{${keyed}, input_cost_per_token: os.environ/PRICE}`, {
      environment: { PRICE: '0.000001' },
    })
    expect(deployment.prices?.inputPerToken).toBe('0.000001')
  })
})

describe('keys', () => {
  it('come from os.environ/NAME and ${NAME}, and name the variable when it is missing or empty', () => {
    const environment = { MY_KEY: 'v', EMPTY: '' }
    for (const reference of [
      'os.environ/MY_KEY',
      '"os.environ/MY_KEY"',
      '"${MY_KEY}"',
      '"${OTHER:-v}"',
      '"${EMPTY:-v}"',
    ]) {
      const { apiKey } = deploymentOf(`{model: openai/x, api_key: ${reference}}`, { environment })
      expect(apiKey.kind === 'value' && apiKey.secret.reveal()).toBe('v')
    }
    for (const name of ['ABSENT', 'EMPTY']) {
      const { apiKey } = deploymentOf(`{model: openai/x, api_key: os.environ/${name}}`, { environment })
      expect(apiKey).toEqual({ kind: 'missing', names: [name] })
    }
  })

  it('come from the usual variable of the provider when none is written', () => {
    const found = deploymentOf('{model: gemini/gemini-3.5-flash}', { environment: { GOOGLE_API_KEY: 'g' } })
    expect(found.apiKey.kind === 'value' && found.apiKey.secret.reveal()).toBe('g')
    expect(deploymentOf('{model: mistral/x}').apiKey).toEqual({ kind: 'missing', names: ['MISTRAL_API_KEY'] })
  })

  it('of a provider are never sent to another host unless the file says so', () => {
    const environment = { OPENAI_API_KEY: 'precious' }
    expect(deploymentOf('{model: openai/x, api_base: "http://gpu-box:8000/v1"}', { environment }).apiKey).toEqual({
      kind: 'none',
    })
    expect(deploymentOf('{model: x, api_base: "http://gpu-box:8000/v1"}', { environment }).apiKey).toEqual({
      kind: 'none',
    })
    expect(deploymentOf('{model: openai/x, api_base: "https://api.openai.com/v1"}', { environment }).apiKey.kind).toBe(
      'value',
    )
  })

  it('"none" and an empty text at a local server are no key, any other word is sent', () => {
    const base = 'model: openai/x, api_base: "http://h/v1"'
    expect(deploymentOf(`{${base}, api_key: none}`).apiKey).toEqual({ kind: 'none' })
    expect(deploymentOf(`{${base}, api_key: ""}`).apiKey).toEqual({ kind: 'none' })
    expect(deploymentOf(`{${base}, api_key: anything}`).apiKey.kind).toBe('value')
    expect(deploymentOf('{model: ollama/qwen3}').apiKey).toEqual({ kind: 'none' })
  })

  it.each([
    ['$OPENAI_API_KEY', 'OPENAI_API_KEY'],
    ['os.environ.OPENAI_API_KEY', 'OPENAI_API_KEY'],
    ['os.env/GATEWAY_TOKEN', 'GATEWAY_TOKEN'],
    ['env:OPENAI_KEY_2', 'OPENAI_KEY_2'],
    ['{env:LITELLM_API_KEY}', 'LITELLM_API_KEY'],
    ['{{ OPENAI_API_KEY }}', 'OPENAI_API_KEY'],
    ['${env:OPENAI_API_KEY}', 'OPENAI_API_KEY'],
    ['OPENAI_API_KEY', 'OPENAI_API_KEY'],
  ])('%s is no reference: it is sent as it stands, with a warning', (text, name) => {
    const loaded = loadText(
      `model_list:\n  - model_name: m\n    litellm_params: {model: openai/x, api_key: '${text}'}\n`,
    )
    expect(loaded.config?.groups.get('m')?.[0]?.apiKey.kind).toBe('value')
    expect(lines(loaded, 'warning')).toEqual([
      `3:48 This is sent as the key as it stands. If the variable ${name} is meant, write os.environ/${name}`,
    ])
    expect(lines(loaded, 'note')).toEqual([])
  })

  it.each(['“sk-quoted”', 'k\u200b', 'two\nlines'])('that no header can carry (%j) are told', (key) => {
    const entry = (params: string): string => `model_list:\n  - model_name: m\n    litellm_params: {${params}}\n`
    const written = loadText(entry(`model: openai/x, api_key: ${JSON.stringify(key)}`))
    expect(lines(written, 'error')[0]).toContain('3:48 api_key must be a key of plain characters')
    const usual = loadText(entry('model: openai/x'), { environment: { OPENAI_API_KEY: key } })
    expect(usual.config?.groups.get('m')?.[0]?.apiKey).toEqual({ kind: 'missing', names: ['OPENAI_API_KEY'] })
    expect(lines(usual, 'warning')[0]).toContain('OPENAI_API_KEY holds characters that no key has')
    expect(JSON.stringify([written.problems, usual.problems])).not.toContain(key)
  })

  it('written in the file are noted once, short stand-ins are not', () => {
    const text = `model_list:\n  - model_name: a\n    litellm_params: {model: openai/x, api_key: sk-0123456789abcdef}\n  - model_name: b\n    litellm_params: {model: openai/x, api_key: sk-fedcba9876543210}\n`
    expect(lines(loadText(text), 'note')).toEqual([
      '3:48 A key is written in this file. os.environ/NAME in its place keeps it out of the file (also on line 5)',
    ])
    expect(lines(loadText(`model_list:\n  - model_name: a\n    litellm_params: {${keyed}}\n`), 'note')).toEqual([])
  })
})

describe('base URLs', () => {
  it.each([
    ['{model: openai/x, api_key: k}', 'https://api.openai.com/v1'],
    ['{model: openai/x, api_base: "http://h:8000/v1/"}', 'http://h:8000/v1'],
    ['{model: openai/x, api_base: "http://h:8000"}', 'http://h:8000'],
    ['{model: openai/x, base_url: "http://h/v1/v1"}', 'http://h/v1'],
    ['{model: openai/x, api_base: "http://h/v1/chat/completions"}', 'http://h/v1'],
    ['{model: ollama/x}', 'http://127.0.0.1:11434'],
    ['{model: ollama_chat/x, api_base: "http://gpu-node:11434"}', 'http://gpu-node:11434'],
    ['{model: ollama/x, api_base: "http://gpu-node:11434/v1"}', 'http://gpu-node:11434'],
    ['{model: anthropic/x, api_key: k, api_base: "https://api.anthropic.com"}', 'https://api.anthropic.com/v1'],
    ['{model: deepseek/x, api_key: k}', 'https://api.deepseek.com'],
    ['{model: zai/x, api_key: k}', 'https://api.z.ai/api/paas/v4'],
    ['{model: "openai/x", api_base: "http://[::1]:8000/v1"}', 'http://[::1]:8000/v1'],
  ])('%s uses %s', (params, baseUrl) => {
    expect(deploymentOf(params).baseUrl).toBe(baseUrl)
  })

  it('that depend on a missing variable never fall back to the provider: the deployment lacks that variable', () => {
    const deployment = deploymentOf('{model: openai/x, api_key: k, api_base: os.environ/BOX}')
    expect(deployment.apiKey).toEqual({ kind: 'missing', names: ['BOX'] })
    expect(deployment.baseUrl).toBe('')
  })

  it('may come from the variable of a local server', () => {
    const environment = { OLLAMA_API_BASE: 'http://gpu-node:11434' }
    expect(deploymentOf('{model: ollama/x}', { environment }).baseUrl).toBe('http://gpu-node:11434')
  })
})

describe('ids', () => {
  const text = (key: string) => `model_list:
  - model_name: m
    litellm_params: {model: openai/x, api_key: ${key}}
  - model_name: m
    litellm_params: {api_key: os.environ/KEY_2, model: openai/x}
`

  it('are 64 hex characters, differ between deployments and survive reloads, other values and another order of keys', () => {
    const first = configOf(text('os.environ/KEY_1'), { environment: { KEY_1: 'a', KEY_2: 'b' } }).groups.get('m') ?? []
    const second = configOf(text('os.environ/KEY_1'), { environment: { KEY_1: 'c' } }).groups.get('m') ?? []
    const [one, two] = first.map((deployment) => deployment.id)
    expect(one).toMatch(/^[0-9a-f]{64}$/)
    expect(one).not.toBe(two)
    expect(second.map((deployment) => deployment.id)).toEqual([one, two])
    const swapped = configOf(
      'model_list:\n  - model_name: m\n    litellm_params: {model: openai/x, api_key: os.environ/KEY_2}\n',
    )
    expect(swapped.groups.get('m')?.[0]?.id).toBe(two)
  })

  it('of two identical entries differ', () => {
    const ids = configOf(text('os.environ/KEY_2'))
      .groups.get('m')
      ?.map((deployment) => deployment.id)
    expect(new Set(ids).size).toBe(2)
  })

  it('are taken from model_info', () => {
    expect(deploymentOf(`{${keyed}}`, { modelInfo: '{id: gpu-1}' }).id).toBe('gpu-1')
  })
})

describe('other parts of a deployment', () => {
  it('keeps model_info as written, references unresolved', () => {
    const { modelInfo, contextWindow, maxOutputTokens, baseModel } = deploymentOf(`{${keyed}}`, {
      modelInfo: '{mode: chat, note: os.environ/SECRET, max_input_tokens: 200000, max_tokens: 8192, base_model: gpt-5}',
      environment: { SECRET: 'canary' },
    })
    expect(modelInfo).toMatchObject({ mode: 'chat', note: 'os.environ/SECRET' })
    expect({ contextWindow, maxOutputTokens, baseModel }).toEqual({
      contextWindow: 200_000,
      maxOutputTokens: 8192,
      baseModel: 'gpt-5',
    })
  })

  it('has deadlines in ms: timeout bounds the first byte, stream_timeout each silence, the nearest level wins', () => {
    const settings = 'router_settings: {timeout: 20}\nlitellm_settings: {request_timeout: 7200, stream_timeout: 15}\n'
    const entry = (params: string) => `model_list:\n  - model_name: m\n    litellm_params: {${keyed}${params}}\n`
    const deadlines = (text: string) => configOf(text).groups.get('m')?.[0]?.deadlines
    expect(deadlines(entry(''))).toEqual({
      connectMs: 10_000,
      firstByteMs: 600_000,
      idleMs: 300_000,
      totalMs: 3_600_000,
    })
    expect(deadlines(entry('') + settings)).toEqual({
      connectMs: 10_000,
      firstByteMs: 20_000,
      idleMs: 15_000,
      totalMs: 3_600_000,
    })
    expect(deadlines(entry(', timeout: 0.5') + settings)).toMatchObject({ connectMs: 500, firstByteMs: 500 })
    expect(deadlines(`${entry('')}litellm_settings: {request_timeout: 7200}\n`)).toMatchObject({
      firstByteMs: 7_200_000,
      totalMs: 7_200_000,
    })
  })

  it('has a first wait of its own for streams where stream_timeout is as near as timeout, or nearer', () => {
    const ofLevels = (params: string, settings: string) =>
      configOf(`model_list:\n  - model_name: m\n    litellm_params: {${keyed}${params}}\n${settings}`).groups.get(
        'm',
      )?.[0]?.deadlines
    expect(ofLevels(', stream_timeout: 2', '')).toMatchObject({
      firstByteMs: 600_000,
      streamFirstByteMs: 2000,
      idleMs: 2000,
    })
    expect(ofLevels(', timeout: 9, stream_timeout: 60', '')).toMatchObject({
      firstByteMs: 9000,
      streamFirstByteMs: 60_000,
    })
    const general = 'router_settings: {timeout: 20, stream_timeout: 5}\n'
    expect(ofLevels('', general)).toMatchObject({ firstByteMs: 20_000, streamFirstByteMs: 5000 })
    expect(ofLevels(', timeout: 9', general)).not.toHaveProperty('streamFirstByteMs')
    expect(ofLevels(', stream_timeout: 2', general)).toMatchObject({ firstByteMs: 20_000, streamFirstByteMs: 2000 })
  })

  it('takes rpm and tpm beside litellm_params, as old files have them', () => {
    const config = configOf(
      `model_list:\n  - model_name: m\n    litellm_params: {${keyed}, rpm: 5}\n    rpm: 6\n    tpm: 7\n`,
    )
    expect(config.groups.get('m')?.[0]).toMatchObject({ rpm: 5, tpm: 7 })
  })

  it('has its headers in lower case, organization among them, values from variables', () => {
    const deployment = deploymentOf(
      `{${keyed}, organization: org, extra_headers: {X-Team: os.environ/TEAM, X-Gone: os.environ/NO}}`,
      {
        environment: { TEAM: 'blue' },
      },
    )
    expect(deployment.headers).toEqual({ 'openai-organization': 'org', 'x-team': 'blue' })
  })

  it('knows its line', () => {
    expect(deploymentOf(`{${keyed}}`).line).toBe(2)
  })

  it('takes number text from a file with a warning and from a variable without', () => {
    const entry = (rpm: string) => `model_list:\n  - model_name: m\n    litellm_params: {${keyed}, rpm: ${rpm}}\n`
    expect(lines(loadText(entry('"30"')), 'warning')).toEqual([
      '3:69 rpm is the text "30", read as the number 30. Write 30 without quotes',
    ])
    const loaded = loadText(entry('os.environ/RPM'), { environment: { RPM: '30' } })
    expect(lines(loaded, 'warning')).toEqual([])
    expect(loaded.config?.groups.get('m')?.[0]?.rpm).toBe(30)
    const wrong = loadText(entry('os.environ/RPM'), { environment: { RPM: 'canary' } })
    expect(lines(wrong, 'error')).toEqual([
      '3:69 rpm takes its value from RPM, which is set but is not a number of 0 or more',
    ])
    expect(JSON.stringify(wrong.problems)).not.toContain('canary')
  })
})
