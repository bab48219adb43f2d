import type { BackendView } from '../../gateway/contract/backends.ts'
import type { GpuList } from '../../gateway/contract/gpus.ts'
import { scriptedNow } from './scripted-data.ts'

type Model = BackendView['models'][number]

const gigabyte = 1e9

function model(name: string, given: Partial<Model> = {}): Model {
  return {
    id: name.slice(name.indexOf('/') + 1),
    name,
    local: true,
    capabilities: ['chat'],
    contextWindow: 131_072,
    loadedContext: null,
    loaded: false,
    sizeBytes: 15.6 * gigabyte,
    quantization: 'Q4_K_M',
    parameters: '26B',
    ...given,
  }
}

function backend(name: string, url: string, given: Partial<BackendView> = {}): BackendView {
  return {
    name,
    url,
    vendor: name,
    label: name,
    state: 'up',
    reason: null,
    remedy: null,
    added: true,
    source: 'port',
    network: null,
    version: null,
    busy: false,
    process: null,
    proofs: [],
    lastSeenAt: scriptedNow - 2_000,
    models: [],
    asLastSeen: null,
    ...given,
  }
}

export const gpuNodeUp = backend('gpu-node', 'http://10.20.0.5:8000', {
  vendor: 'vllm',
  label: 'vLLM',
  source: 'config',
  version: '0.14.1',
  network: 'vpn',
  models: [
    model('gpu-node/Qwen/Qwen3-235B-A22B-Instruct', {
      sizeBytes: null,
      quantization: null,
      parameters: null,
      loaded: true,
      contextWindow: 262_144,
      capabilities: ['chat', 'tools', 'thinking'],
    }),
  ],
})

export const gpuNodeAway: BackendView = {
  ...gpuNodeUp,
  state: 'down',
  reason: 'is silent: 10.20.0.5:8000 accepts no connection',
  remedy:
    'Start it there with `vllm serve`, which listens only once its engine is ready, maybe after minutes; it is used by itself once it answers.',
  lastSeenAt: scriptedNow - 62 * 60_000,
  models: [],
  asLastSeen: { at: scriptedNow - 62 * 60_000, models: gpuNodeUp.models },
}

/** A machine with four servers of which two are not running, and a named one that is away. */
export const backends: readonly BackendView[] = [
  gpuNodeAway,
  backend('box', 'http://192.168.1.40:8080', {
    vendor: 'llamacpp',
    label: 'llama.cpp',
    source: 'config',
    state: 'auth',
    reason: 'wants a key',
    remedy: 'Set api_key of box under backends, or correct it.',
  }),
  backend('lmstudio', 'http://127.0.0.1:1234', {
    label: 'LM Studio',
    source: 'remembered',
    state: 'down',
    reason: 'does not run: nobody listens at 127.0.0.1:1234',
    remedy:
      'Start it there with `lms server start`, or in the Developer tab of LM Studio; it is used by itself once it answers.',
    lastSeenAt: scriptedNow - 3 * 3_600_000,
  }),
  backend('llamacpp', 'http://127.0.0.1:9931', {
    label: 'llama.cpp',
    state: 'starting',
    reason: 'loads its model',
    remedy: 'Wait until its model is loaded; it is used by itself then.',
  }),
  backend('ollama', 'http://127.0.0.1:11434', {
    label: 'Ollama',
    version: '0.14.2',
    models: [
      model('ollama/gemma4:26b', { loaded: true, loadedContext: 8_192, capabilities: ['chat', 'tools', 'vision'] }),
      model('ollama/qwen3.5:35b', {
        sizeBytes: 21.4 * gigabyte,
        contextWindow: 262_144,
        capabilities: ['chat', 'tools', 'thinking'],
        parameters: '35B',
      }),
      model('ollama/nomic-embed-text:latest', {
        sizeBytes: 0.27 * gigabyte,
        contextWindow: 8_192,
        capabilities: ['embeddings'],
        parameters: '137M',
        quantization: 'F16',
      }),
      model('ollama/gpt-oss:120b-cloud', {
        local: false,
        loaded: null,
        sizeBytes: null,
        quantization: null,
        parameters: null,
        capabilities: null,
        contextWindow: null,
      }),
    ],
  }),
  backend('server-8000', 'http://127.0.0.1:8000', {
    vendor: null,
    label: 'OpenAI-compatible server',
    added: false,
    remedy: 'To use it, name it in the config: backends: {server-8000: {url: "http://127.0.0.1:8000"}}.',
  }),
]

const gibibyte = 2 ** 30

/** One GPU of which two processes are told, and one whose driver tells nothing. */
export const gpus: GpuList = {
  gpus: [
    {
      id: 'gpu-0',
      vendor: 'nvidia',
      name: 'RTX 4090',
      driver: '580.1',
      unified: false,
      memoryTotalBytes: 24 * gibibyte,
      memoryUsedBytes: 17.2 * gibibyte,
      memoryOf: 'gpu',
      utilization: 83,
      temperature: 60,
      powerWatts: 300,
      instances: [],
      processes: [
        { pid: 11, name: 'Xorg', memoryBytes: 0.4 * gibibyte, backend: null },
        { pid: 12, name: 'ollama_runner', memoryBytes: 15.8 * gibibyte, backend: 'ollama' },
      ],
    },
    {
      id: 'gpu-1',
      vendor: 'intel',
      name: 'Arc 140V',
      driver: null,
      unified: true,
      memoryTotalBytes: null,
      memoryUsedBytes: null,
      memoryOf: null,
      utilization: null,
      temperature: null,
      powerWatts: null,
      instances: [],
      processes: [],
    },
  ],
  problems: [],
}
