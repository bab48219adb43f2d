import { describe, expect, it } from 'vitest'
import { configOf, deploymentOf, lines, loadText } from './load-text.ts'

const model = '{model: openai/x, api_key: k'

describe('how requests are delivered', () => {
  it('has its defaults', () => {
    expect(configOf('')).toMatchObject({
      routing: {
        strategy: 'simple-shuffle',
        strategyArgs: { ttlMs: 3_600_000, lowestLatencyBuffer: 0, maxLatencyListSize: 10 },
      },
      cooldown: { allowedFails: 3, cooldownMs: 5000, disabled: false, allowedFailsPolicy: {} },
      retryPolicy: { general: {}, retryAfterMs: 0 },
      tagFiltering: { enabled: false, matchAny: true },
      preCallChecks: true,
      signalbox: {
        fallbacks: { maxCostRatio: undefined },
        hedgeAfterMs: undefined,
        hedgeTools: false,
        midStream: 'error',
        queueMs: 0,
        healthChecks: { scope: 'local', intervalMs: 60_000 },
      },
    })
  })

  it('is taken over from each section', () => {
    const loaded = loadText(`model_list:
  - {model_name: m, litellm_params: {model: openai/x, api_key: k}}
router_settings:
  routing_strategy: latency-based-routing
  routing_strategy_args: {ttl: 60, lowest_latency_buffer: 0.5, max_latency_list_size: 3}
  cooldown_time: 0
  disable_cooldowns: true
  allowed_fails_policy: {TimeoutErrorAllowedFails: 2, RateLimitErrorAllowedFails: 0}
  retry_policy: {TimeoutErrorRetries: 3, DefaultErrorRetries: 1}
  model_group_retry_policy: {m: {RateLimitErrorRetries: 0}}
  retry_after: 0.5
  enable_tag_filtering: true
  tag_filtering_match_any: false
  enable_pre_call_checks: false
  optional_pre_call_checks: [enforce_model_rate_limits]
  default_max_parallel_requests: 7
litellm_settings: {allowed_fails: 9, cooldown_time: 30}
signalbox:
  fallbacks: {max_cost_ratio: 1.5}
  hedge_after_ms: 800
  hedge_tools: true
  mid_stream: resume
  queue_ms: 20000
  health_checks: {enabled: false, interval_s: 10}
`)
    expect(loaded.problems).toEqual([])
    expect(loaded.config).toMatchObject({
      routing: {
        strategy: 'latency-based-routing',
        strategyArgs: { ttlMs: 60_000, lowestLatencyBuffer: 0.5, maxLatencyListSize: 3 },
      },
      cooldown: {
        allowedFails: 9,
        cooldownMs: 0,
        disabled: true,
        allowedFailsPolicy: { timeout: 2, rate_limit: 0 },
      },
      retryPolicy: {
        general: { timeout: 3, default: 1 },
        byGroup: new Map([['m', { rate_limit: 0 }]]),
        retryAfterMs: 500,
      },
      tagFiltering: { enabled: true, matchAny: false },
      preCallChecks: false,
      signalbox: {
        fallbacks: { maxCostRatio: 1.5 },
        hedgeAfterMs: 800,
        hedgeTools: true,
        midStream: 'resume',
        queueMs: 20_000,
        healthChecks: { scope: 'off', intervalMs: 10_000 },
      },
    })
    expect(loaded.config?.groups.get('m')?.[0]?.maxParallelRequests).toBe(7)
  })

  it.each([
    ['router_settings: {allowed_fails: -1}', /allowed_fails is the number -1, must be a whole number/],
    ['router_settings: {cooldown_time: soon}', /cooldown_time is the text "soon", must be a number/],
    ['router_settings: {disable_cooldowns: maybe}', /disable_cooldowns is the text "maybe"/],
    [
      'router_settings: {allowed_fails_policy: {TimeoutErrorAllowedFails: many}}',
      /TimeoutErrorAllowedFails is the text "many"/,
    ],
    ['router_settings: {retry_policy: [1]}', /retry_policy is a list/],
    ['router_settings: {retry_policy: {TimeoutErrorRetries: 1.5}}', /TimeoutErrorRetries is the number 1.5/],
    ['router_settings: {model_group_retry_policy: {m: 3}}', /m is the number 3/],
    ['router_settings: {retry_after: -2}', /retry_after is the number -2/],
    ['router_settings: {enable_tag_filtering: 3}', /enable_tag_filtering is the number 3/],
    ['router_settings: {tag_filtering_match_any: [x]}', /tag_filtering_match_any is a list/],
    ['router_settings: {enable_pre_call_checks: often}', /enable_pre_call_checks is the text "often"/],
    ['router_settings: {default_max_parallel_requests: 0}', /default_max_parallel_requests is the number 0/],
    ['router_settings: {routing_strategy_args: {ttl: 0}}', /ttl is the number 0/],
    [
      'router_settings: {routing_strategy_args: {lowest_latency_buffer: -0.1}}',
      /lowest_latency_buffer is the number -0.1/,
    ],
    ['signalbox: {fallbacks: {max_cost_ratio: cheap}}', /max_cost_ratio is the text "cheap"/],
    ['signalbox: {hedge_after_ms: 0}', /hedge_after_ms is the number 0/],
    ['signalbox: {hedge_tools: sometimes}', /hedge_tools is the text "sometimes"/],
    ['signalbox: {mid_stream: retry}', /mid_stream is the text "retry", must be one of error, resume/],
    ['signalbox: {queue_ms: -1}', /queue_ms is the number -1/],
    ['signalbox: {health_checks: {interval_s: 0}}', /interval_s is the number 0/],
    ['signalbox: {health_checks: 30}', /health_checks is the number 30/],
  ])('%s is an error at its place', (text, message) => {
    const loaded = loadText(`${text}\n`)
    expect(loaded.config).toBeUndefined()
    expect(loaded.problems.filter(({ severity }) => severity === 'error')).toEqual([
      expect.objectContaining({ message: expect.stringMatching(message), line: 1, column: expect.any(Number) }),
    ])
  })

  it("takes LiteLLM's words for health checks where its own block is silent", () => {
    const checksOf = (text: string) => configOf(text).signalbox.healthChecks
    const general = 'general_settings: {background_health_checks: true, health_check_interval: 300}\n'
    expect(checksOf(general)).toEqual({ scope: 'all', intervalMs: 300_000 })
    expect(checksOf('general_settings: {background_health_checks: false}\n').scope).toBe('local')
    expect(checksOf(`${general}signalbox: {health_checks: {enabled: false, interval_s: 9}}\n`)).toEqual({
      scope: 'off',
      intervalMs: 9000,
    })
  })

  it('names what is unknown in a policy, and a check that is not made', () => {
    const loaded = loadText(
      'router_settings: {retry_policy: {TimeoutRetries: 1}, optional_pre_call_checks: [prompt_caching], model_group_retry_policy: {nix: {}}}\n',
    )
    expect(lines(loaded, 'warning')).toEqual([
      '1:34 TimeoutRetries is not a known key: it has no effect. Did you mean TimeoutErrorRetries?',
      '1:81 optional_pre_call_checks: "prompt_caching" is not in effect in this version',
      '1:130 model_group_retry_policy names "nix", which is not in model_list: it is left out',
    ])
  })
})

describe('tags', () => {
  const entry = (settings: string) =>
    loadText(
      `model_list:\n  - model_name: m\n    litellm_params: {model: openai/x, api_key: k, tags: [eu]}\n${settings}`,
    )

  it('that restrict nothing are worth a word, once', () => {
    expect(lines(entry(''), 'note')).toEqual([
      '2:1 m has tags, which restrict nothing: write enable_tag_filtering: true under router_settings, or false if they only label requests',
    ])
  })

  it.each(['true', 'false'])('with enable_tag_filtering: %s need none', (value) => {
    expect(entry(`router_settings: {enable_tag_filtering: ${value}}\n`).problems).toEqual([])
  })
})

describe('what one deployment sets for itself', () => {
  it('has its defaults', () => {
    expect(deploymentOf(`${model}}`)).toMatchObject({
      accessGroups: [],
      maxParallelRequests: undefined,
      quota: undefined,
      cooldown: { allowedFails: undefined, cooldownMs: undefined, allowedFailsPolicy: undefined },
      numRetries: undefined,
      failFast: false,
      contextWindow: undefined,
      totalWindow: undefined,
    })
  })

  it('is taken over, and nothing of it is sent upstream', () => {
    const deployment = deploymentOf(
      `${model}, num_retries: 0, allowed_fails: 1, cooldown_time: 60, allowed_fails_policy: {TimeoutErrorAllowedFails: 1}, max_parallel_requests: 2, fail_fast: true, rpm: 30, tpm: 1000}`,
      { modelInfo: '{access_groups: [beta], context_window: 32768}' },
    )
    expect(deployment).toMatchObject({
      accessGroups: ['beta'],
      maxParallelRequests: 2,
      quota: { requestsPerMinute: 30, tokensPerMinute: 1000, requestsPerDay: undefined, resetsAtMinute: 0 },
      cooldown: { allowedFails: 1, cooldownMs: 60_000, allowedFailsPolicy: { timeout: 1 } },
      numRetries: 0,
      failFast: true,
      contextWindow: 32_768,
      totalWindow: 32_768,
      defaults: {},
    })
  })

  it('max_retries is another name for num_retries, model_info another place for fail_fast', () => {
    const deployment = deploymentOf(`${model}, max_retries: 4}`, { modelInfo: '{fail_fast: true}' })
    expect(deployment).toMatchObject({ numRetries: 4, failFast: true })
  })

  it('a quota has limits, a clock time and a zone, in the entry or its parameters', () => {
    const quota = '{requests_per_minute: 30, tokens_per_day: 500000, resets_at: "23:30", timezone: Europe/Berlin}'
    const wanted = {
      requestsPerMinute: 30,
      tokensPerMinute: 9,
      requestsPerDay: undefined,
      tokensPerDay: 500_000,
      resetsAtMinute: 1410,
      timeZone: 'Europe/Berlin',
    }
    expect(deploymentOf(`${model}, rpm: 99, tpm: 9, quota: ${quota}}`).quota).toEqual(wanted)
    const text = `model_list:\n  - model_name: m\n    litellm_params: ${model}, tpm: 9}\n    quota: ${quota}\n`
    expect(configOf(text).groups.get('m')?.[0]?.quota).toEqual(wanted)
  })

  it('an rpm of 0 weighs nothing and limits nothing', () => {
    expect(deploymentOf(`${model}, rpm: 0}`)).toMatchObject({ rpm: 0, quota: undefined })
  })

  it.each([
    ['quota: {requests_per_minute: 0}', /requests_per_minute is the number 0/],
    ['quota: {requests_per_day: 1.5}', /requests_per_day is the number 1.5/],
    ['quota: {requests_per_day: 5, resets_at: "24:00"}', /resets_at is "24:00", must be a clock time such as "00:00"/],
    ['quota: {requests_per_day: 5, resets_at: midnight}', /resets_at is "midnight"/],
    ['quota: {requests_per_day: 5, timezone: Mars/Base}', /timezone is "Mars\/Base", must be an IANA time zone/],
    ['quota: 30', /quota is the number 30/],
    ['num_retries: -1', /num_retries is the number -1/],
    ['cooldown_time: -1', /cooldown_time is the number -1/],
    ['allowed_fails: x', /allowed_fails is the text "x"/],
    ['max_parallel_requests: 0', /max_parallel_requests is the number 0/],
    ['fail_fast: perhaps', /fail_fast is the text "perhaps"/],
  ])('%s is an error at its place', (field, message) => {
    const loaded = loadText(`model_list:\n  - model_name: m\n    litellm_params: ${model}, ${field}}\n`)
    expect(loaded.config).toBeUndefined()
    expect(loaded.problems.filter(({ severity }) => severity === 'error')).toEqual([
      expect.objectContaining({ message: expect.stringMatching(message), line: 3 }),
    ])
  })

  it('wrong access groups are an error', () => {
    const loaded = loadText(
      `model_list:\n  - model_name: m\n    litellm_params: ${model}}\n    model_info: {access_groups: beta}\n`,
    )
    expect(lines(loaded, 'error')).toEqual([expect.stringMatching(/^4:\d+ access_groups is the text "beta"/)])
  })
})
