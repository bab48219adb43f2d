import { jsonAnswer, parseJson, streamOf, type SeenCall, type Told, usualUsage, type WireDouble } from './wire.ts'

interface Message {
  readonly role: string
  readonly content: string
  readonly thinking?: string
  readonly images?: readonly string[]
  readonly tool_calls?: readonly { readonly function: { readonly name: string; readonly arguments: unknown } }[]
  readonly tool_name?: string
}

interface Body {
  readonly messages: readonly Message[]
  readonly stream: boolean
  readonly tools?: readonly { readonly function: { readonly name: string } }[]
  readonly format?: unknown
}

/** An Ollama server, `/api/chat`. Its calls have no ids: a result is paired by the tool's name and its place. */
export const ollamaWire: WireDouble = {
  name: 'ollama',
  models: { usual: 'ollama/llama3.2-vision', thinking: 'ollama/qwen3:8b' },
  basePath: '',
  hasState: false,
  tellsCache: false,
  say: (told, stream, trouble) => {
    if (!stream) return jsonAnswer({ ...line(messageOf(told)), ...ending(told) })
    const message = trouble?.kind === 'error-event' ? trouble.message : ''
    const lines = [...pieces(told).map((piece) => line(piece)), { ...line({ content: '' }), ...ending(told) }]
    const broken = [line({ content: 'Half' }), { error: message }]
    const script = streamOf(writes(lines), writes(broken), trouble)
    return { ...script, headers: { 'content-type': 'application/x-ndjson' } }
  },
  refuse: (status, message) => jsonAnswer({ error: message }, status),
  refuseLength: () => jsonAnswer({ error: 'the prompt exceeds maximum context length' }, 400),
  isStream: (request) => (request.json as unknown as Body).stream,
  see: (request) => {
    const { messages, tools = [], format } = request.json as unknown as Body
    const said = (role: string, isRole: boolean): string =>
      messages
        .filter((message) => (message.role === role) === isRole && message.role !== 'tool')
        .map(({ content }) => content)
        .join('\n')
    return {
      system: said('system', true),
      text: said('system', false),
      images: messages.flatMap(({ images = [] }) => images),
      tools: tools.map((tool) => tool.function.name),
      calls: callsOf(messages),
      results: numbered(
        messages.filter(({ role }) => role === 'tool'),
        ({ tool_name: name = '' }) => name,
      ).map(({ id, entry }) => ({ id, text: entry.content })),
      schema: format,
      reasoning: messages.flatMap(({ thinking }) => thinking ?? []),
      opaque: [],
    }
  },
}

function callsOf(messages: readonly Message[]): SeenCall[] {
  const calls = messages.flatMap(({ tool_calls: list = [] }) => list)
  return numbered(calls, (call) => call.function.name).map(({ id, entry }) => {
    const { name, arguments: given } = entry.function
    if (typeof given !== 'object') throw new Error(`the arguments are no object: ${JSON.stringify(given)}`)
    return { id, name, arguments: given }
  })
}

/** Names with their number among those of the same name: what stands for an id on this wire. */
function numbered<Entry>(entries: readonly Entry[], nameOf: (entry: Entry) => string): { id: string; entry: Entry }[] {
  const seen = new Map<string, number>()
  return entries.map((entry) => {
    const name = nameOf(entry)
    const number = (seen.get(name) ?? 0) + 1
    seen.set(name, number)
    return { id: `${name}:${number}`, entry }
  })
}

function messageOf({ text, reasoning, calls = [] }: Told): object {
  return {
    content: (text ?? []).join(''),
    ...(reasoning === undefined ? {} : { thinking: reasoning }),
    ...(calls.length === 0 ? {} : { tool_calls: calls.map((call) => callOf(call)) }),
  }
}

function pieces({ text = [], reasoning, calls = [] }: Told): object[] {
  return [
    ...(reasoning === undefined ? [] : [{ content: '', thinking: reasoning }]),
    ...text.map((content) => ({ content })),
    ...calls.map((call) => ({ content: '', tool_calls: [callOf(call)] })),
  ]
}

function callOf({ name, fragments }: { readonly name: string; readonly fragments: readonly string[] }): object {
  return { function: { name, arguments: parseJson(fragments.join('') || '{}') } }
}

function line(message: object): object {
  return {
    model: 'double',
    created_at: '2026-11-20T10:00:00.000Z',
    message: { role: 'assistant', ...message },
    done: false,
  }
}

/** Calls end with `stop` here as well. */
function ending({ truncated, usage = usualUsage }: Told): object {
  return {
    done: true,
    done_reason: truncated === true ? 'length' : 'stop',
    total_duration: 1_000_000,
    prompt_eval_count: usage.input,
    eval_count: usage.output,
  }
}

function writes(lines: readonly object[]): string[] {
  return lines.map((entry) => `${JSON.stringify(entry)}\n`)
}
