import type { BackendView } from '../contract/backends.ts'
import type { Backend } from './backend.ts'
import { modelNameOf } from './models/discovered-deployments.ts'
import { remedyFor } from './remedies.ts'

/** A server as people and scripts see it: no key, no path of a file, no command line. Pure. */
export function backendView(backend: Backend): BackendView {
  return {
    name: backend.name,
    url: backend.url,
    vendor: backend.vendor ?? null,
    label: backend.label,
    state: backend.state,
    reason: backend.reason ?? null,
    remedy: remedyFor(backend) ?? null,
    added: backend.added,
    source: backend.source,
    network: backend.network ?? null,
    version: backend.version ?? null,
    busy: backend.busy,
    process: backend.process ?? null,
    proofs: [...backend.proofs],
    lastSeenAt: backend.lastSeenAt ?? null,
    // What a server had before it went is no longer there to be used.
    models: backend.state === 'up' ? backend.models.map((model) => modelView(backend, model)) : [],
    asLastSeen: lastSeenView(backend),
  }
}

/** Nothing is loaded on a server that is away. */
function lastSeenView(backend: Backend): BackendView['asLastSeen'] {
  const { lastRead, state } = backend
  if (state === 'up' || lastRead === undefined) return null
  const models = lastRead.models.map((model) => ({ ...modelView(backend, model), loaded: null, loadedContext: null }))
  return { at: lastRead.at, models }
}

function modelView(backend: Backend, model: Backend['models'][number]): BackendView['models'][number] {
  return {
    id: model.id,
    name: modelNameOf(backend, model),
    local: model.cloud !== true,
    capabilities: model.capabilities === undefined ? null : [...model.capabilities],
    contextWindow: model.contextWindow ?? null,
    loadedContext: model.loadedContext ?? null,
    loaded: model.loaded ?? null,
    sizeBytes: model.sizeBytes ?? null,
    quantization: model.quantization ?? null,
    parameters: model.parameters ?? null,
  }
}
