import type { BackendVendor } from '../config/providers/backend-names.ts'
import type { Backend } from './backend.ts'

/** How each server is started, in its makers' words. */
const starts: Readonly<Partial<Record<BackendVendor, string>>> = {
  ollama: 'Start it there with `ollama serve`, or open the Ollama app',
  llamacpp: 'Start it there with `llama-server`',
  vllm: 'Start it there with `vllm serve`, which listens only once its engine is ready, maybe after minutes',
  lmstudio: 'Start it there with `lms server start`, or in the Developer tab of LM Studio',
  docker: 'Enable it there with `docker desktop enable model-runner --tcp`',
  jan: 'Start the local API server in the settings of Jan',
}

/** What to do about a server that is not up, as a sentence; undefined when there is nothing to do. Pure. */
export function remedyFor(backend: Backend): string | undefined {
  const { state, reason, vendor, label, url, name, added, source, apiKey } = backend
  const { host } = new URL(url)
  if (!added) {
    const key = state === 'auth' ? ', api_key: os.environ/NAME' : ''
    return `To use it, name it in the config: backends: {${name}: {url: "${url}"${key}}}.`
  }
  switch (state) {
    case 'up':
      return undefined
    case 'unknown':
      return 'Wait a moment.'
    case 'starting':
      return 'Wait until its model is loaded; it is used by itself then.'
    case 'auth':
      if (apiKey.kind === 'missing')
        return `Set ${apiKey.names.join(' or ')} in the gateway's environment or at Settings, Secrets, where a locked store of keys is unlocked too.`
      return source === 'config'
        ? `Set api_key of ${name} under backends, or correct it.`
        : `Name it in the config with its key: backends: {${name}: {url: "${url}", api_key: os.environ/NAME}}.`
    case 'failing':
      return `Look into the log of ${label} at ${host}.`
    case 'impostor':
      return `Check what listens at ${host}, or correct url and vendor of ${name} under backends.`
    case 'down':
      if (reason?.startsWith('is not trusted') === true)
        return `Have its authority in the system's store or in NODE_EXTRA_CA_CERTS, or correct url of ${name} under backends.`
      return `${(vendor === undefined ? undefined : starts[vendor]) ?? `Start ${vendor === undefined ? 'the server' : label} at ${host}`}; it is used by itself once it answers.`
  }
}
