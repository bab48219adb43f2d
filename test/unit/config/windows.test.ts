import { describe, expect, test } from 'vitest'
import type { Deployment } from '../../../gateway/config/gateway-config.ts'
import { loadConfig } from '../../../gateway/config/load-config.ts'
import { readCatalogue } from '../../../gateway/config/providers/catalogue.ts'

const windows: Readonly<Record<string, number>> = {
  'openai/known': 8000,
  'anthropic/known': 9000,
  'groq/a/known': 7000,
}
const catalogue = {
  ...readCatalogue(),
  windowOf: (provider: string, model: string) => windows[`${provider}/${model}`],
}

function windowOf(params: string, info = '{}'): Partial<Deployment> | undefined {
  const text = `model_list: [{model_name: m, litellm_params: {api_key: k, ${params}}, model_info: ${info}}]`
  const { config } = loadConfig({
    path: '/c.yaml',
    readFile: (path) => (path.endsWith('c.yaml') ? text : undefined),
    lookup: () => undefined,
    catalogue,
  })
  const [deployment] = config?.groups.get('m') ?? []
  if (deployment === undefined) return undefined
  const { contextWindow, totalWindow, windowIsPresumed = false } = deployment
  return { contextWindow, totalWindow, windowIsPresumed }
}

const presumed = (contextWindow: number) => ({ contextWindow, totalWindow: undefined, windowIsPresumed: true })
const unknown = { contextWindow: undefined, totalWindow: undefined, windowIsPresumed: false }

describe('the window of a deployment', () => {
  test('is what the file says', () => {
    expect(windowOf('model: openai/known', '{max_input_tokens: 10}')).toEqual({
      contextWindow: 10,
      totalWindow: undefined,
      windowIsPresumed: false,
    })
    expect(windowOf('model: openai/known', '{context_window: 20}')).toMatchObject({
      contextWindow: 20,
      totalWindow: 20,
    })
  })

  test('is presumed where the file is silent and the model is known', () => {
    expect(windowOf('model: openai/known')).toEqual(presumed(8000))
    expect(windowOf('model: groq/a/known')).toEqual(presumed(7000))
    expect(windowOf('model: openai/other')).toEqual(unknown)
  })

  test('is not presumed by the name alone at a server that is only compatible', () => {
    expect(windowOf('model: openai/known, api_base: "http://127.0.0.1:1234/v1"')).toEqual(unknown)
    expect(windowOf('model: anthropic/known, api_base: "http://proxy.test"')).toEqual(presumed(9000))
  })

  test('is that of base_model where the file names one', () => {
    const elsewhere = 'model: openai/mine, api_base: "http://127.0.0.1:1234/v1"'
    expect(windowOf(elsewhere, '{base_model: known}')).toEqual(presumed(8000))
    expect(windowOf(elsewhere, '{base_model: anthropic/known}')).toEqual(presumed(9000))
    expect(windowOf('model: openai/known', '{base_model: strange}')).toEqual(unknown)
  })
})
