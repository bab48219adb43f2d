import { expect, it } from 'vitest'
import type { Backend } from '../../../gateway/backends/backend.ts'
import { remedyFor } from '../../../gateway/backends/remedies.ts'
import { Secret } from '../../../gateway/model/secret.ts'

const backend: Backend = {
  name: 'box',
  url: 'https://gpu:8000',
  vendor: 'vllm',
  label: 'vLLM',
  state: 'down',
  reason: 'does not run: nobody listens at gpu:8000',
  added: true,
  source: 'config',
  version: undefined,
  busy: false,
  models: [],
  lastRead: undefined,
  proofs: [],
  process: undefined,
  lastSeenAt: undefined,
  network: undefined,
  apiKey: { kind: 'none' },
  openAiBase: 'https://gpu:8000/v1',
}

it.each<[Partial<Backend>, string | RegExp]>([
  [
    {},
    'Start it there with `vllm serve`, which listens only once its engine is ready, maybe after minutes; it is used by itself once it answers.',
  ],
  [{ vendor: undefined }, 'Start the server at gpu:8000; it is used by itself once it answers.'],
  [{ vendor: 'tgi', label: 'TGI' }, 'Start TGI at gpu:8000; it is used by itself once it answers.'],
  [{ reason: 'is not trusted: the certificate of gpu:8000 has expired' }, /NODE_EXTRA_CA_CERTS/],
  [{ state: 'auth' }, 'Set api_key of box under backends, or correct it.'],
  [
    { state: 'auth', apiKey: { kind: 'missing', names: ['GPU_KEY'] } },
    "Set GPU_KEY in the gateway's environment or at Settings, Secrets, where a locked store of keys is unlocked too.",
  ],
  [
    { state: 'auth', source: 'port' },
    'Name it in the config with its key: backends: {box: {url: "https://gpu:8000", api_key: os.environ/NAME}}.',
  ],
  [
    { state: 'auth', added: false, source: 'port' },
    'To use it, name it in the config: backends: {box: {url: "https://gpu:8000", api_key: os.environ/NAME}}.',
  ],
  [{ state: 'up', added: false }, 'To use it, name it in the config: backends: {box: {url: "https://gpu:8000"}}.'],
  [
    { state: 'impostor', apiKey: { kind: 'value', secret: new Secret('sk-secret') } },
    /^Check what listens at gpu:8000/,
  ],
])('%o is told: %s', (given, remedy) => {
  const told = remedyFor({ ...backend, ...given })
  if (typeof remedy === 'string') expect(told).toBe(remedy)
  else expect(told).toMatch(remedy)
})

it('nothing is to be done about one that is up', () => {
  expect(remedyFor({ ...backend, state: 'up' })).toBeUndefined()
})
