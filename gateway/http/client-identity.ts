import type { IncomingHttpHeaders } from 'node:http'

/** Who is behind a request, as its headers tell. Bounded and printable, fit for the ledger. */
export interface ClientIdentity {
  readonly agent: string | null
  readonly sessionId: string | null
}

/**
 * Reads agent and session from the headers real agents send (observed traffic and litellm-compat §1.8). An agent that names
 * itself is believed; else `keyAgent`, the agent that the key was made for, says more than the library it is built on. Pure.
 */
export function readClientIdentity(headers: IncomingHttpHeaders, keyAgent: string | null = null): ClientIdentity {
  const names = namesIn(headers['user-agent'] ?? '')
  return {
    agent: readAgent(headers, names) ?? keyAgent ?? names.library,
    sessionId: readSessionId(headers),
  }
}

interface UserAgentNames {
  readonly agent: string | undefined
  readonly library: string | null
}

/** A machine has few programs; the bound guards against a client that makes names up. */
const mostNames = 500
const known = new Map<string, UserAgentNames>()

/** What a user agent says, read once for each. */
function namesIn(userAgent: string): UserAgentNames {
  const found = known.get(userAgent)
  if (found !== undefined) return found
  const text = userAgent.slice(0, longestUserAgent).toLowerCase()
  const names: UserAgentNames = {
    agent: agents.find(([part]) => text.includes(part))?.[1],
    library: libraries.find(([part]) => text.includes(part))?.[1] ?? productName(text),
  }
  if (userAgent.length > longestUserAgent) return names
  if (known.size >= mostNames) known.clear()
  known.set(userAgent, names)
  return names
}

const longestUserAgent = 400

type Names = readonly (readonly [part: string, name: string])[]

/** Part of a lower-case user agent → agent name. An agent's user agent often names its SDK behind itself. */
const agents: Names = [
  ['opencode', 'opencode'],
  ['claude-cli', 'claude-code'],
  ['claude-code', 'claude-code'],
  ['codex', 'codex'],
  ['geminicli', 'gemini-cli'],
  ['gemini-cli', 'gemini-cli'],
  ['qwencode', 'qwen-code'],
  ['qwen-code', 'qwen-code'],
  ['roo-code', 'roo-code'],
  ['roocode', 'roo-code'],
  ['kilo-code', 'kilo-code'],
  ['kilocode', 'kilo-code'],
  ['cline', 'cline'],
  ['continue', 'continue'],
  ['copilot', 'copilot'],
  ['aider', 'aider'],
  ['goose', 'goose'],
  ['crush', 'crush'],
  ['zed/', 'zed'],
  ['cursor', 'cursor'],
  ['open-webui', 'open-webui'],
  ['openwebui', 'open-webui'],
  ['librechat', 'librechat'],
]

/** The same for what agents are built on. */
const libraries: Names = [
  ['litellm', 'litellm'],
  ['langchain', 'langchain'],
  ['ai-sdk', 'ai-sdk'],
  ['openai/python', 'openai-python'],
  ['asyncopenai/python', 'openai-python'],
  ['openai/js', 'openai-node'],
  ['asyncopenai/js', 'openai-node'],
  ['anthropic/python', 'anthropic-python'],
  ['anthropic/js', 'anthropic-node'],
  ['google-genai-sdk', 'google-genai'],
  ['curl/', 'curl'],
  ['wget/', 'wget'],
  ['python-requests', 'python-requests'],
  ['python-httpx', 'python-httpx'],
  ['mozilla/', 'browser'],
]

function readAgent(headers: IncomingHttpHeaders, names: UserAgentNames): string | null {
  const originator = single(headers['originator'])?.toLowerCase()
  if (originator?.startsWith('codex')) return 'codex'
  if (names.agent !== undefined) return names.agent
  if (headers['x-claude-code-session-id'] !== undefined) return 'claude-code'
  if (headers['x-initiator'] !== undefined && headers['x-interaction-type'] !== undefined) return 'copilot'
  return null
}

/** The product of an unknown user agent, `my-tool` of `my-tool/1.2 (linux)`. */
function productName(userAgent: string): string | null {
  return /^[a-z][a-z0-9._-]{1,39}/u.exec(userAgent)?.[0] ?? null
}

/** In order of trust: LiteLLM's own, then what agents send. */
const sessionHeaders = [
  'x-litellm-session-id',
  'x-litellm-trace-id',
  'x-session-id',
  'x-session-affinity',
  'x-claude-code-session-id',
  'x-opencode-session',
  'session-id',
  'session_id',
  'thread-id',
] as const

function readSessionId(headers: IncomingHttpHeaders): string | null {
  for (const name of sessionHeaders) {
    const session = asSessionId(headers[name])
    if (session !== null) return session
  }
  for (const name in headers) {
    if (!name.endsWith('-session-id') || !name.startsWith('x-')) continue
    const session = asVendorSessionId(headers[name])
    if (session !== null) return session
  }
  return null
}

function asSessionId(value: string | string[] | undefined): string | null {
  const text = single(value)
  return text !== undefined && /^[\x21-\x7e]{1,200}$/u.test(text) ? text : null
}

/** LiteLLM's rule for headers of vendors it does not know: at least eight of `[A-Za-z0-9_-]`. */
function asVendorSessionId(value: string | string[] | undefined): string | null {
  const text = single(value)
  return text !== undefined && /^[\w-]{8,200}$/u.test(text) ? text : null
}

function single(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : value?.[0]
}
