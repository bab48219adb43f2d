import type { ModelList, ModelPrice, ModelView } from '../../gateway/contract/models.ts'
import type {
  AddedModels,
  AddModels,
  OfferedModelView,
  ProviderList,
  ProviderModels,
} from '../../gateway/contract/providers.ts'
import { ScriptedRefusal } from '../doubles/control-server.ts'
import { scriptedNow } from './scripted-data.ts'

const price = (input: number | null, output: number | null, provenance: string): ModelPrice => ({
  input,
  output,
  cacheRead: input === null ? null : input / 10,
  cacheWrite: null,
  provenance,
})

const model = (name: string, provider: string, part: Partial<ModelView> = {}): ModelView => ({
  name,
  kind: 'model',
  provider,
  lamp: 'up',
  health: 'Ready.',
  contextWindow: 262_144,
  maxOutputTokens: 65_536,
  price: price(0.6, 2.5, `genai-prices ${provider}/${name}`),
  billing: 'billed',
  capabilities: ['tools', 'reasoning'],
  usedBy: [{ router: 'opencodego-router', tier: 'COMPLEX', place: 0 }],
  lastUsedAt: scriptedNow - 40_000,
  p50FirstTokenMs: 910,
  measured: 212,
  source: { kind: 'config', line: 12 },
  deployments: [
    {
      deploymentId: `${name}-1`,
      provider,
      upstreamModel: name,
      host: `api.${provider}.example`,
      lamp: 'up',
      health: 'Ready.',
      price: price(0.6, 2.5, 'config'),
      billing: 'billed',
      line: 12,
    },
  ],
  ...part,
})

export const models: ModelList = {
  models: [
    model('opencodego-router', '', {
      kind: 'router',
      provider: null,
      price: null,
      billing: null,
      usedBy: [],
      deployments: [],
      health: 'Four tiers, each with a model that is up.',
    }),
    model('opencode-kimi-k2-6', 'opencodego'),
    model('claude-opus-4-8', 'anthropic', {
      price: price(5, 25, 'config'),
      usedBy: (['SIMPLE', 'MEDIUM', 'COMPLEX', 'REASONING'] as const).flatMap((tier, place) =>
        ['frontier-router', 'other-router'].map((router) => ({ router, tier, place })),
      ),
    }),
    model('mistral-small-4', 'mistral', {
      lamp: 'failed',
      health: 'Its key is refused since 10:02. Enter a new one.',
      lastUsedAt: null,
      p50FirstTokenMs: null,
    }),
    model('gpu-node/qwen3.5:397b', 'ollama', {
      lamp: 'away',
      health: 'VPN off: reconnect to use gpu-node.',
      billing: 'local',
      source: { kind: 'backend', backend: 'gpu-node' },
    }),
    model('codex-flat', 'openai', { billing: 'flat_rate' }),
    model('new-model', 'openai', { price: price(null, null, ''), contextWindow: null, usedBy: [] }),
  ],
  useReadAt: scriptedNow,
}

const offered = (id: string, part: Partial<OfferedModelView> = {}): OfferedModelView => ({
  id,
  kind: 'chat',
  vision: null,
  reasoning: null,
  tools: null,
  contextWindow: null,
  maxOutputTokens: null,
  deprecated: null,
  configuredAs: [],
  ...part,
})

const offer: ProviderModels = {
  name: 'mistral',
  models: [
    offered('magistral-medium-2511', { reasoning: true, tools: true, contextWindow: 131_072 }),
    offered('mistral-small-4', { configuredAs: ['mistral-small-4'] }),
    offered('pixtral-large', { vision: true, deprecated: '2026-12-31' }),
    ...Array.from({ length: 24 }, (_, index) => offered(`codestral-25${String(index).padStart(2, '0')}`)),
    offered('mistral-embed', { kind: 'embedding' }),
  ],
  unlisted: [{ model: 'old-mistral', upstreamModel: 'open-mixtral-8x7b', gone: true }],
}

const providers: ProviderList = {
  providers: [
    { name: 'mistral', provider: 'mistral', host: 'api.mistral.ai', key: 'there', models: 3 },
    { name: 'anthropic', provider: 'anthropic', host: 'api.anthropic.com', key: 'missing', models: 1 },
  ],
}

/** The routes of models and providers; what is added is remembered. */
export function scriptedModels(list: ModelList = models) {
  const written: string[] = []
  return (call: string, body: unknown): unknown => {
    if (call === 'GET /api/models') return list
    if (call === 'GET /api/providers') return providers
    if (call === 'GET /api/providers/anthropic/models') {
      throw new ScriptedRefusal(400, 'missing_key', 'ANTHROPIC_API_KEY is not set.')
    }
    if (call === 'GET /api/providers/mistral/models') {
      return {
        ...offer,
        models: offer.models.map((one) => (written.includes(one.id) ? { ...one, configuredAs: [one.id] } : one)),
      }
    }
    return call === 'POST /api/providers/mistral/models' ? add(body as AddModels, written) : undefined
  }
}

function add({ add: ids, prefix = '', dryRun = false }: AddModels, written: string[]): AddedModels {
  if (!dryRun) written.push(...ids)
  return {
    added: ids.map((id) => ({ id, modelName: prefix + id })),
    skipped: [],
    written: !dryRun,
    lines: ids.flatMap((id) => [
      `  - model_name: ${prefix}${id}`,
      '    litellm_params:',
      `      model: mistral/${id}`,
      '      api_key: os.environ/MISTRAL_API_KEY',
    ]),
    problems: [],
  }
}
