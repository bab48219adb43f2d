import type { Setup, SetupStep, SetupStepState } from '../../gateway/contract/setup.ts'
import { scriptedModels } from './scripted-models.ts'
import { scriptedSecrets } from './scripted-secrets.ts'

const steps = ['found', 'key', 'router', 'request', 'agent'] as const

/** A machine on which much was found, and no stop was made yet. */
export const foundMuch: Setup = {
  fresh: true,
  steps: steps.map((step) => ({ step, state: 'open' })),
  backends: [
    { name: 'ollama', label: 'Ollama', url: 'http://127.0.0.1:11434', state: 'up', models: 3 },
    { name: 'llama.cpp', label: 'llama.cpp', url: 'http://127.0.0.1:8080', state: 'up', models: 1 },
  ],
  environment: [
    { name: 'OPENAI_API_KEY', provider: 'openai', used: false },
    { name: 'MISTRAL_API_KEY', provider: 'mistral', used: false },
  ],
  stacks: [
    {
      path: '/home/user/litellm/litellm_config.yaml',
      models: 27,
      command: 'npm run cli -- import /home/user/litellm',
    },
  ],
  litellm: { url: 'http://127.0.0.1:4000', sentence: 'answers on port 4000; Signalbox listens on 4001.' },
  agents: [
    { id: 'opencode', name: 'opencode', state: 'absent' },
    { id: 'claude-code', name: 'Claude Code', state: 'in place' },
    { id: 'zed', name: 'Zed', state: 'not installed' },
  ],
  providers: [
    { name: 'mistral', keyName: 'MISTRAL_API_KEY', hasKey: false, models: 0 },
    { name: 'openai', keyName: 'OPENAI_API_KEY', hasKey: true, models: 0 },
  ],
  proposal: {
    name: 'my-router',
    tiers: [
      { tier: 'SIMPLE', models: ['ollama/qwen3:8b', 'mistral-small-4'] },
      { tier: 'COMPLEX', models: ['magistral-medium-2511'] },
    ],
    reasons: ['Simple requests stay on this machine.', 'The dearest model answers what is complex.'],
  },
  noProposal: null,
  firstRequest: {
    model: 'my-router',
    command: [
      'curl http://127.0.0.1:4000/v1/chat/completions \\',
      '  -H "Authorization: Bearer $SIGNALBOX_KEY" \\',
      `  -d '{"model": "my-router", "messages": [{"role": "user", "content": "Hello"}]}'`,
    ].join('\n'),
  },
}

export const foundNothing: Setup = {
  ...foundMuch,
  backends: [],
  environment: [],
  stacks: [],
  litellm: null,
  agents: [],
  providers: foundMuch.providers.map((provider) => ({ ...provider, hasKey: false })),
  proposal: null,
  noProposal: 'There is no model yet: add a key first, or start a local server.',
}

/** The routes of the first run, which remember the stops, beside those of keys and models. */
export function scriptedSetup(start: Setup) {
  let setup = start
  const others = [scriptedSecrets(), scriptedModels()]
  const note = (step: string, state: SetupStepState) => {
    setup = { ...setup, steps: setup.steps.map((one) => (one.step === step ? { ...one, state } : one)) }
  }
  const answer = (call: string, body: unknown): unknown => {
    if (call === 'GET /api/setup') return setup
    if (call.startsWith('PUT /api/setup/steps/')) {
      note(call.split('/').at(-1) ?? '', (body as { state: SetupStepState }).state)
      return setup
    }
    if (call === 'POST /api/setup/router') {
      const { name } = body as { name: string }
      if (name === 'taken') return { name, written: false, lines: [], problems: [problem(name)], revision: 'r1' }
      note('router', 'done')
      setup = { ...setup, proposal: null }
      return { name, written: true, lines: [], problems: [], revision: 'r2' }
    }
    if (call === 'POST /api/setup/request') {
      const { prompt } = body as { prompt: string }
      const error = prompt.includes('fail') ? 'No model of my-router is up.' : null
      return { status: error === null ? 200 : 503, callId: 'call-1', error }
    }
    for (const other of others) {
      const given = other(call, body)
      if (given !== undefined) return given
    }
    return undefined
  }
  return { answer, stateOf: (step: SetupStep) => setup.steps.find((one) => one.step === step)?.state }
}

function problem(name: string) {
  return {
    severity: 'error' as const,
    file: 'config.yaml',
    line: 9,
    column: 5,
    path: 'model_list[3].model_name',
    message: `There is a model named ${name} already. Choose another name.`,
    seen: name,
    wanted: null,
    nearest: null,
  }
}
