import { isJsonObject } from '../../model/json.ts'
import { anyJson, type ProbeAnswer, textIn } from '../probe/probe-answer.ts'
import {
  anyHeader,
  type Evidence,
  modelEntries,
  modelsPath,
  objectAt,
  owners,
  refusalAt,
  someAnswer,
  statusAt,
  textAt,
} from './evidence.ts'
import { reasons, type VendorCard } from './vendor-card.ts'

/* Servers that run models themselves, in order of precedence. Facts: see test/fixtures/backends. */

const nim: VendorCard = {
  id: 'nim',
  label: 'NVIDIA NIM',
  ports: [8000],
  processes: /^nim/i,
  confirm: ['/v1/health/live', '/v1/health/ready', '/v1/metadata', '/v1/version'],
  resembles: [],
  inventory: [modelsPath, '/v1/version', '/v1/health/ready'],
  never: [],
  suspected: (evidence) =>
    owners(evidence).has('vllm') || (statusAt(evidence, modelsPath) >= 500 && !hasServer(evidence, /^llama\.cpp/)),
  proofs: (evidence) => {
    const metadata = objectAt(evidence, '/v1/metadata')
    const version = objectAt(evidence, '/v1/version')
    return reasons(
      ['describes its profile', metadata?.modelInfo !== undefined || metadata?.assetInfo !== undefined],
      ['has a release and an API', textIn(version?.release) !== undefined && textIn(version?.api) !== undefined],
      ['tells that it lives', lives(evidence)],
      ['lives before it is ready', lives(evidence) && isUnready(evidence)],
    )
  },
  openAiBase: '/v1',
}

function lives(evidence: Evidence): boolean {
  return statusAt(evidence, '/v1/health/live') === 200
}

function isUnready(evidence: Evidence): boolean {
  const status = statusAt(evidence, '/v1/health/ready')
  return status >= 400
}

function hasServer(evidence: Evidence, pattern: RegExp): boolean {
  return anyHeader(evidence, 'server', pattern)
}

const vllm: VendorCard = {
  id: 'vllm',
  label: 'vLLM',
  ports: [8000, 8001],
  processes: /vllm/i,
  confirm: ['/version', '/metrics'],
  resembles: ['nim', 'localai'],
  inventory: [modelsPath, '/version', '/metrics', '/health'],
  never: ['/sleep', '/wake_up', '/reset_prefix_cache'],
  suspected: (evidence) => owners(evidence).has('vllm') || isPlainRefusal(evidence),
  proofs: (evidence) => {
    const isOwner = owners(evidence).has('vllm')
    const hasMetrics = /^(?:# (?:HELP|TYPE) )?vllm:/m.test(textAt(evidence, '/metrics'))
    return reasons(
      ['owns its models', isOwner],
      ['counts in its own metrics', hasMetrics],
      ['tells its version', (isOwner || hasMetrics) && textIn(objectAt(evidence, '/version')?.version) !== undefined],
      ['refuses in its words', isPlainRefusal(evidence)],
    )
  },
  openAiBase: '/v1',
}

function isPlainRefusal(evidence: Evidence): boolean {
  const body = refusalAt(evidence)
  return isJsonObject(body) && body.error === 'Unauthorized'
}

const sglang: VendorCard = {
  id: 'sglang',
  label: 'SGLang',
  ports: [30_000],
  processes: /sglang/i,
  confirm: ['/model_info', '/get_model_info'],
  resembles: [],
  inventory: [modelsPath, '/model_info', '/server_info', '/v1/loads'],
  // Its /health generates a token, and the caches are cleared by GET.
  never: ['/health', '/health_generate', '/flush_cache', '/clear_hicache_storage_backend'],
  suspected: (evidence) => owners(evidence).has('sglang') || sglang.processes.test(evidence.process ?? ''),
  proofs: (evidence) => {
    const info = objectAt(evidence, '/model_info') ?? objectAt(evidence, '/get_model_info')
    return reasons(
      ['owns its models', owners(evidence).has('sglang')],
      ['describes its model', textIn(info?.model_path) !== undefined && typeof info?.is_generation === 'boolean'],
    )
  },
  openAiBase: '/v1',
}

const tgi: VendorCard = {
  id: 'tgi',
  label: 'Text Generation Inference',
  ports: [3000, 8080],
  processes: /text-generation/i,
  confirm: ['/info'],
  resembles: ['localai', 'docker', 'nim'],
  inventory: ['/info', '/metrics', '/health'],
  never: [],
  suspected: (evidence) =>
    ownsItself(evidence) ||
    (statusAt(evidence, modelsPath) === 404 && textAt(evidence, modelsPath).trim() === '') ||
    someAnswer(evidence, isUnhealthy) ||
    tgi.processes.test(evidence.process ?? ''),
  proofs: (evidence) => {
    const info = objectAt(evidence, '/info')
    return reasons(
      ['describes its model', textIn(info?.model_id) !== undefined && info?.max_concurrent_requests !== undefined],
      ['names its build', textIn(info?.docker_label) !== undefined || textIn(info?.sha) !== undefined],
      ['is unhealthy in its words', someAnswer(evidence, isUnhealthy)],
    )
  },
  openAiBase: '/v1',
}

function ownsItself(evidence: Evidence): boolean {
  return (modelEntries(evidence) ?? []).some(({ id, owned_by: owner }) => textIn(id) !== undefined && id === owner)
}

function isUnhealthy(answer: ProbeAnswer): boolean {
  const body = anyJson(answer)
  return isJsonObject(body) && body.error_type === 'healthcheck'
}

const tabbyApi: VendorCard = {
  id: 'tabbyapi',
  label: 'TabbyAPI',
  ports: [5000],
  processes: /tabby/i,
  confirm: ['/health'],
  resembles: ['localai'],
  inventory: [modelsPath, '/v1/model', '/health'],
  never: ['/v1/model/load', '/v1/model/unload'],
  suspected: (evidence) =>
    /^tabbyapi$/i.test([...owners(evidence)].join()) || hasDetail(evidence) || tabbyApi.ports.includes(evidence.port),
  proofs: (evidence) =>
    reasons(
      ['is healthy in its words', objectAt(evidence, '/health')?.status === 'healthy'],
      ['refuses in its words', hasDetail(evidence)],
      ['owns its models', /^tabbyapi$/i.test([...owners(evidence)].join())],
    ),
  openAiBase: '/v1',
}

/** `Please provide an API key`, `Invalid API key` (its common/auth.py); every FastAPI server has a `detail`. */
function hasDetail(evidence: Evidence): boolean {
  const body = refusalAt(evidence)
  return isJsonObject(body) && /\b(?:api|admin) key\b/i.test(textIn(body.detail) ?? '')
}

const llamaCpp: VendorCard = {
  id: 'llamacpp',
  label: 'llama.cpp',
  // The default is moving from 8080 to 9931.
  ports: [9931, 8080],
  processes: /^llama-server|^llamafile/i,
  confirm: ['/props'],
  resembles: ['koboldcpp', 'localai', 'nim'],
  inventory: [modelsPath, '/props', '/slots', '/health'],
  never: ['/models?reload=1', '/metrics', '/models/load', '/models/unload'],
  suspected: (evidence) =>
    hasServer(evidence, /^llama\.cpp/) || owners(evidence).has('llamacpp') || isLoading(evidence),
  proofs: (evidence) =>
    reasons(
      ['has its Server header', hasServer(evidence, /^llama\.cpp/)],
      ['owns its models', owners(evidence).has('llamacpp')],
      ['names its build', textIn(objectAt(evidence, '/props')?.build_info) !== undefined],
      ['loads its model', isLoading(evidence)],
      ['refuses in its words', someAnswer(evidence, isLlamaRefusal)],
    ),
  openAiBase: '/v1',
}

function isLoading(evidence: Evidence): boolean {
  return someAnswer(evidence, (answer) => {
    const body = answer.status === 503 ? anyJson(answer) : undefined
    const error = isJsonObject(body) ? body.error : undefined
    return isJsonObject(error) && error.type === 'unavailable_error'
  })
}

function isLlamaRefusal(answer: ProbeAnswer): boolean {
  const body = answer.status === 401 ? anyJson(answer) : undefined
  const error = isJsonObject(body) ? body.error : undefined
  return isJsonObject(error) && error.type === 'authentication_error' && error.code === 401
}

const ollama: VendorCard = {
  id: 'ollama',
  label: 'Ollama',
  ports: [11434],
  first: '/api/version',
  processes: /^ollama/i,
  confirm: ['/api/version', '/', '/api/status'],
  resembles: ['pair', 'localai', 'koboldcpp'],
  inventory: ['/api/version', '/api/tags', '/api/ps', 'POST /api/show'],
  never: ['/api/generate', '/api/chat', '/api/me', '/api/pull', '/api/delete'],
  suspected: (evidence) => {
    const entries = modelEntries(evidence)
    return (
      textIn(objectAt(evidence, '/api/version')?.version) !== undefined ||
      owners(evidence).has('library') ||
      (entries !== undefined && (entries.length === 0 || entries.some(({ id }) => /:/.test(textIn(id) ?? '')))) ||
      ollama.processes.test(evidence.process ?? '')
    )
  },
  proofs: (evidence) =>
    reasons(
      ['has its banner', textAt(evidence, '/').trim() === 'Ollama is running'],
      ['tells its version', textIn(objectAt(evidence, '/api/version')?.version) !== undefined],
      ['tells of its cloud', isJsonObject(objectAt(evidence, '/api/status')?.cloud)],
    ),
  openAiBase: '/v1',
}

const mlx: VendorCard = {
  id: 'mlx',
  label: 'MLX',
  ports: [8080],
  processes: /mlx_lm|mlx\.server/i,
  confirm: ['/health'],
  resembles: ['localai'],
  inventory: [modelsPath, '/health'],
  never: [],
  suspected: (evidence) => {
    const entries = modelEntries(evidence)
    return (
      (entries !== undefined && entries.length > 0 && entries.every(({ owned_by: owner }) => owner === undefined)) ||
      hasServer(evidence, /^BaseHTTP/)
    )
  },
  proofs: (evidence) =>
    reasons(
      ['is healthy in its words', objectAt(evidence, '/health')?.status === 'ok'],
      [
        'knows no other path',
        someAnswer(evidence, ({ status, text }) => status === 404 && text.trim() === 'Not Found'),
      ],
      ['is a Python base server', hasServer(evidence, /^BaseHTTP/)],
    ),
  openAiBase: '/v1',
}

/** In order of precedence. */
export const engines: readonly VendorCard[] = [nim, vllm, sglang, tgi, tabbyApi, llamaCpp, ollama, mlx]
