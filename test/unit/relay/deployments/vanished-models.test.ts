import { describe, expect, test } from 'vitest'
import { suggestModel } from '../../../../gateway/relay/deployments/suggest-model.ts'
import { createVanishedModels } from '../../../../gateway/relay/deployments/vanished-models.ts'
import { deploymentDouble } from '../../../doubles/deployment.ts'

const embedding = deploymentDouble({
  id: 'e',
  modelName: 'saia/embedding',
  provider: 'saia',
  upstreamModel: 'e5-mistral-7b-instruct',
})
const others = ['glm-4.7', 'multilingual-e5-large-instruct', 'qwen3-embedding-4b', 'mistral-medium-3.5-128b']

function modelsOf(seen: readonly string[] = []) {
  const told: string[] = []
  const remembered: string[][] = []
  const models = createVanishedModels({
    now: () => 5,
    seen: new Set(seen),
    onSeen: (names) => remembered.push([...names]),
    onVanished: ({ sentence }) => told.push(sentence),
  })
  return { models, told, remembered }
}

describe('a model that its provider no longer lists', () => {
  test('is told once, with what is most like it, until it is listed again', () => {
    const { models, told } = modelsOf()
    models.list([embedding], [...others, 'e5-mistral-7b-instruct'])
    models.list([embedding], others)
    models.list([embedding], others)
    expect(told).toEqual([
      'saia no longer lists e5-mistral-7b-instruct, which saia/embedding stands for. Of what it lists multilingual-e5-large-instruct is most like it: change the entry in the config.',
    ])
    expect(models.of('e')).toMatchObject({ suggestion: 'multilingual-e5-large-instruct', since: 5 })
    models.list([embedding], [...others, 'e5-mistral-7b-instruct'])
    expect(models.of('e')).toBeUndefined()
    expect(models.all()).toEqual([])
  })

  test('is remembered over a restart', () => {
    const first = modelsOf()
    first.models.list([embedding], ['e5-mistral-7b-instruct'])
    const second = modelsOf(first.remembered.at(-1))
    second.models.list([embedding], others)
    expect(second.told).toHaveLength(1)
  })

  test('is not one that was never listed: lists are not complete everywhere', () => {
    const { models, told } = modelsOf()
    models.list([embedding], others)
    expect(told).toEqual([])
  })

  test('is one that was never listed and is refused as unknown', () => {
    const { models, told } = modelsOf()
    models.suspect(embedding)
    models.list([embedding], others)
    expect(told).toHaveLength(1)
  })

  test('is none in an empty list', () => {
    const { models, told } = modelsOf()
    models.list([embedding], ['e5-mistral-7b-instruct'])
    models.list([embedding], [])
    expect(told).toEqual([])
  })

  test.each(['gpt-4o', 'openai/gpt-4o', 'GPT-4o', 'gpt-4o:latest'])('is listed as %s', (listed) => {
    const { models, told } = modelsOf()
    const deployment = deploymentDouble({ upstreamModel: 'gpt-4o' })
    models.suspect(deployment)
    models.list([deployment], [listed])
    expect(told).toEqual([])
  })
})

test.each([
  ['qwen3.5-35b-a3b', ['glm-4.7', 'qwen3.6-35b-a3b', 'qwen3-coder-next'], 'qwen3.6-35b-a3b'],
  ['kimi-k2.5', ['kimi-k3', 'kimi-k2.7-code', 'glm-5.3'], 'kimi-k2.7-code'],
  ['claude-sonnet-4-5', ['claude-haiku-5-5', 'claude-sonnet-5-5'], 'claude-sonnet-5-5'],
  ['qwen3-embedding-4b', ['qwen3-30b-a3b', 'bge-m3'], 'bge-m3'],
  ['qwen3-reranker-8b', ['qwen3-30b-a3b'], undefined],
  ['hy3', ['glm-5'], undefined],
  ['anything', [], undefined],
])('in place of %s', (gone, models, expected) => {
  expect(suggestModel(gone, models)).toBe(expected)
})
