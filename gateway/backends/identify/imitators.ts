import { isJsonObject } from '../../model/json.ts'
import { anyJson, textIn } from '../probe/probe-answer.ts'
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

/*
 * Servers that answer in another server's words, or stand before one. They are judged first. Facts: the projects' own
 * sources, as test/fixtures/backends names them.
 */

/** Something that speaks Ollama's API. */
function looksLikeOllama(evidence: Evidence): boolean {
  return textIn(objectAt(evidence, '/api/version')?.version) !== undefined
}

function lacksOwners(evidence: Evidence): boolean {
  const entries = modelEntries(evidence)
  return entries !== undefined && entries.every(({ owned_by: owner }) => owner === undefined)
}

const pair: VendorCard = {
  id: 'pair',
  label: 'NVIDIA PAIR',
  ports: [11434, 1234],
  processes: /^nvpair|personal-ai-router/i,
  confirm: ['/api/version', modelsPath],
  resembles: [],
  inventory: [modelsPath],
  never: [],
  suspected: (evidence) => someAnswer(evidence, isFacade) || pair.processes.test(evidence.process ?? ''),
  proofs: (evidence) =>
    reasons(
      ['says that it is a facade', someAnswer(evidence, isFacade)],
      ['refuses an identity probe with 409', someAnswer(evidence, ({ status }) => status === 409)],
      ['has the name of its process', pair.processes.test(evidence.process ?? '')],
    ),
  openAiBase: '/v1',
}

function isFacade(answer: Parameters<typeof anyJson>[0]): boolean {
  const body = anyJson(answer)
  return isJsonObject(body) && body.code === 'proxy-facade'
}

const llamaSwap: VendorCard = {
  id: 'llama-swap',
  label: 'llama-swap',
  ports: [8080],
  processes: /^llama-swap/i,
  confirm: ['/running', '/health'],
  resembles: [],
  inventory: [modelsPath, '/running', '/health'],
  never: ['/unload', '/upstream'],
  suspected: (evidence) =>
    owners(evidence).has('llama-swap') ||
    anyHeader(evidence, 'www-authenticate', /realm="llama-swap"/i) ||
    llamaSwap.processes.test(evidence.process ?? ''),
  proofs: (evidence) =>
    reasons(
      ['owns its models', owners(evidence).has('llama-swap')],
      ['lists what runs', Array.isArray(objectAt(evidence, '/running')?.running)],
      ['asks for a key in its name', anyHeader(evidence, 'www-authenticate', /realm="llama-swap"/i)],
      ['says OK', statusAt(evidence, '/health') === 200 && textAt(evidence, '/health').trim() === 'OK'],
    ),
  openAiBase: '/v1',
}

const localAi: VendorCard = {
  id: 'localai',
  label: 'LocalAI',
  ports: [8080],
  processes: /^local-?ai/i,
  confirm: ['/.well-known/localai.json', '/version'],
  resembles: [],
  inventory: [modelsPath, '/version'],
  never: ['/models/apply', '/backend/shutdown'],
  suspected: (evidence) =>
    looksLikeOllama(evidence) ||
    lacksOwners(evidence) ||
    refusalAt(evidence) !== undefined ||
    localAi.processes.test(evidence.process ?? ''),
  proofs: (evidence) => {
    const card = objectAt(evidence, '/.well-known/localai.json')
    return reasons(
      ['has its card', textIn(card?.version) !== undefined && card?.endpoints !== undefined],
      ['groups its endpoints', card?.endpoint_groups !== undefined],
      ['tells its version', card !== undefined && textIn(objectAt(evidence, '/version')?.version) !== undefined],
    )
  },
  openAiBase: '/v1',
}

const koboldCpp: VendorCard = {
  id: 'koboldcpp',
  label: 'KoboldCpp',
  ports: [5001],
  first: '/api/extra/version',
  processes: /^koboldcpp/i,
  confirm: ['/api/extra/version', '/.well-known/serviceinfo', modelsPath],
  resembles: ['localai'],
  inventory: [modelsPath, '/api/extra/version', '/api/extra/true_max_context_length', '/api/extra/perf'],
  never: ['/api/extra/abort', '/api/admin'],
  suspected: (evidence) =>
    owners(evidence).has('koboldcpp') ||
    looksLikeOllama(evidence) ||
    objectAt(evidence, '/api/extra/version') !== undefined ||
    koboldCpp.processes.test(evidence.process ?? ''),
  proofs: (evidence) => {
    const software = objectAt(evidence, '/.well-known/serviceinfo')?.software
    const softwareName = isJsonObject(software) ? textIn(software.name) : undefined
    return reasons(
      ['says its name', objectAt(evidence, '/api/extra/version')?.result === 'KoboldCpp'],
      ['owns its model', owners(evidence).has('koboldcpp')],
      ['has its service card', /koboldcpp/i.test(softwareName ?? '')],
    )
  },
  openAiBase: '/v1',
}

const janOwners = ['llama.cpp', 'mlx', 'remote']
const janRefusal = /missing authorization header|invalid or missing authorization token|invalid host header/i

const jan: VendorCard = {
  id: 'jan',
  label: 'Jan',
  ports: [1337],
  processes: /^jan(?:\.exe)?$/i,
  confirm: ['/openapi.json'],
  resembles: ['localai'],
  inventory: [modelsPath],
  never: [],
  suspected: (evidence) =>
    janOwners.some((owner) => owners(evidence).has(owner)) ||
    someAnswer(evidence, ({ text }) => janRefusal.test(text) || /no models are available/i.test(text)) ||
    jan.ports.includes(evidence.port) ||
    jan.processes.test(evidence.process ?? ''),
  proofs: (evidence) => {
    const info = objectAt(evidence, '/openapi.json')?.info
    const title = isJsonObject(info) ? (textIn(info.title) ?? '') : ''
    return reasons(
      ['describes its API as Jan’s', /\bjan\b/i.test(title)],
      ['refuses in its words', someAnswer(evidence, ({ text }) => janRefusal.test(text))],
      ['names the engine as owner', janOwners.some((owner) => owners(evidence).has(owner))],
      ['has no session', someAnswer(evidence, ({ text }) => /no models are available/i.test(text))],
    )
  },
  openAiBase: '/v1',
}

const engines = '/engines/v1/models'

const docker: VendorCard = {
  id: 'docker',
  label: 'Docker Model Runner',
  ports: [12434],
  first: engines,
  processes: /model-runner/i,
  confirm: [engines, '/engines/status'],
  resembles: [],
  inventory: [engines, '/engines/status'],
  never: ['/engines/unload', '/engines/_configure', '/models/create'],
  suspected: (evidence) =>
    owners(evidence).has('docker') ||
    modelEntries(evidence, engines) !== undefined ||
    (statusAt(evidence, modelsPath) === 404 && plainText(evidence, modelsPath)) ||
    docker.processes.test(evidence.process ?? ''),
  proofs: (evidence) => {
    const status = objectAt(evidence, '/engines/status')
    const names = status === undefined ? [] : Object.keys(status)
    return reasons(
      ['owns its models', owners(evidence, engines).has('docker') || owners(evidence).has('docker')],
      ['lists models of engines', modelEntries(evidence, engines) !== undefined],
      ['tells the state of engines', names.some((name) => ['llama.cpp', 'vllm', 'mlx', 'sglang'].includes(name))],
    )
  },
  openAiBase: '/engines/v1',
}

function plainText(evidence: Evidence, path: string): boolean {
  return /^text\/plain/i.test(evidence.answers.get(path)?.headers['content-type'] ?? '')
}

const trap = /^unexpected endpoint or method/i

const lmStudio: VendorCard = {
  id: 'lmstudio',
  label: 'LM Studio',
  ports: [1234],
  first: '/lmstudio-greeting',
  processes: /^lm[ -]?studio|^lms(?:ter)?$/i,
  confirm: ['/lmstudio-greeting'],
  resembles: ['localai'],
  inventory: ['/lmstudio-greeting', '/api/v1/models', '/api/v0/models', modelsPath],
  never: ['/api/v1/models/load', '/api/v1/models/unload'],
  suspected: (evidence) =>
    owners(evidence).has('organization_owner') ||
    someAnswer(evidence, isTrap) ||
    evidence.answers.has('/lmstudio-greeting') ||
    (anyHeader(evidence, 'x-powered-by', /^express$/i) &&
      (modelEntries(evidence) !== undefined || refusalAt(evidence) !== undefined)) ||
    lmStudio.processes.test(evidence.process ?? ''),
  proofs: (evidence) =>
    reasons(
      ['greets as LM Studio', objectAt(evidence, '/lmstudio-greeting')?.lmstudio === true],
      ['owns its models', owners(evidence).has('organization_owner')],
      ['answers any path with 200', someAnswer(evidence, isTrap)],
      ['is an Express server', anyHeader(evidence, 'x-powered-by', /^express$/i)],
      ['has the name of its process', lmStudio.processes.test(evidence.process ?? '')],
    ),
  openAiBase: '/v1',
}

function isTrap(answer: Parameters<typeof anyJson>[0]): boolean {
  const body = answer.status === 200 ? anyJson(answer) : undefined
  return isJsonObject(body) && typeof body.error === 'string' && trap.test(body.error)
}

/** In order of precedence. */
export const imitators: readonly VendorCard[] = [pair, llamaSwap, localAi, koboldCpp, jan, docker, lmStudio]
