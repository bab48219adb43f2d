import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts'
import type { ToolDefinition } from '../../model/model-request.ts'
import type { Part, ToolResultPart, Turn } from '../../model/parts.ts'
import { attach, readState } from './attached-state.ts'
import { invalidField, unsupportedField } from './field-errors.ts'
import { readContent, readText } from './read-content.ts'
import { readTools } from './read-tools.ts'

export interface ReadInput {
  readonly turns: readonly Turn[]
  /** Tools that items of the conversation brought along. */
  readonly tools: readonly ToolDefinition[]
}

/** Items as turns: what the model said in a row becomes one turn, results in a row become one. @throws GatewayError */
export function readInput(input: JsonValue | undefined): ReadInput {
  if (typeof input === 'string') return { turns: [{ role: 'user', parts: [{ type: 'text', text: input }] }], tools: [] }
  if (!Array.isArray(input)) throw invalidField('input', 'a text or a list of items')
  const items = new ItemReader()
  for (const [index, item] of input.entries()) items.read(item, `input[${index}]`)
  return { turns: items.turns.map(({ role, parts }) => ({ role, parts })), tools: items.tools }
}

interface OpenTurn extends Turn {
  parts: Part[]
  /** Later items of the same kind join it; a message of its own does not. */
  readonly joins: 'assistant' | 'results' | undefined
}

class ItemReader {
  readonly turns: OpenTurn[] = []
  readonly tools: ToolDefinition[] = []

  read(item: JsonValue, param: string): void {
    if (!isJsonObject(item)) throw invalidField(param, 'an object')
    const type = item.type ?? 'message'
    switch (type) {
      case 'message':
        return this.#message(item, param)
      case 'reasoning':
        return this.#reasoning(item, param)
      case 'function_call':
      case 'custom_tool_call':
      case 'local_shell_call':
      case 'tool_search_call':
        return this.#call(item, type, param)
      case 'function_call_output':
      case 'custom_tool_call_output':
      case 'local_shell_call_output':
      case 'tool_search_output':
        return this.#result(item, type, param)
      case 'additional_tools':
        this.tools.push(...readTools(item.tools, `${param}.tools`))
        return
      default:
        return this.#other(item, type, param)
    }
  }

  #join(joins: 'assistant' | 'results', parts: readonly Part[]): void {
    const last = this.turns.at(-1)
    if (last?.joins === joins) last.parts.push(...parts)
    else this.turns.push({ role: joins === 'assistant' ? 'assistant' : 'user', joins, parts: [...parts] })
  }

  #message(item: JsonObject, param: string): void {
    const parts = readContent(item.content, `${param}.content`)
    if (item.role === 'assistant') return parts.length === 0 ? undefined : this.#join('assistant', parts)
    if (item.role !== 'user' && item.role !== 'system' && item.role !== 'developer') {
      throw invalidField(`${param}.role`, '"user", "assistant", "system" or "developer"')
    }
    this.turns.push({ role: item.role === 'user' ? 'user' : 'system', joins: undefined, parts })
  }

  #reasoning(item: JsonObject, param: string): void {
    const summary = readContent(item.summary, `${param}.summary`)
    const shown = summary.length > 0 ? summary : readContent(item.content, `${param}.content`)
    const text = shown.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n\n')
    const encrypted = item.encrypted_content
    if (typeof encrypted !== 'string' || encrypted === '') {
      if (text !== '') this.#join('assistant', [{ type: 'reasoning', text, opaque: [] }])
      return
    }
    const state = readState(encrypted)
    if (state.owner === 'reasoning') return this.#join('assistant', [{ type: 'reasoning', text, opaque: state.states }])
    const last = this.turns.at(-1)
    if (last?.joins === 'assistant') last.parts = attach(last.parts, state)
  }

  #call(item: JsonObject, type: string, param: string): void {
    const id = readText(item.call_id ?? item.id, `${param}.call_id`)
    const common = { type: 'tool-call', id } as const
    if (type === 'local_shell_call' || type === 'tool_search_call') {
      const written = type === 'local_shell_call' ? item.action : item.arguments
      const text = JSON.stringify(isJsonObject(written) ? written : {})
      return this.#join('assistant', [
        { ...common, name: type.slice(0, -'_call'.length), kind: 'function', arguments: text },
      ])
    }
    const isCustom = type === 'custom_tool_call'
    const field = isCustom ? 'input' : 'arguments'
    this.#join('assistant', [
      {
        ...common,
        name: readText(item.name, `${param}.name`),
        ...(typeof item.namespace === 'string' ? { namespace: item.namespace } : {}),
        kind: isCustom ? 'custom' : 'function',
        arguments: readText(item[field] ?? '', `${param}.${field}`),
      },
    ])
  }

  #result(item: JsonObject, type: string, param: string): void {
    const callId = readText(item.call_id ?? item.id, `${param}.call_id`)
    const kind = type === 'custom_tool_call_output' ? 'custom' : 'function'
    this.#join('results', [
      { type: 'tool-result', callId, content: this.#output(item, type, param), isError: false, kind },
    ])
  }

  #output(item: JsonObject, type: string, param: string): ToolResultPart['content'] {
    if (type === 'tool_search_output') {
      const found = readTools(item.tools, `${param}.tools`)
      this.tools.push(...found)
      const names = found.map((tool) => (tool.type === 'hosted' ? '' : tool.name)).filter((name) => name !== '')
      return [{ type: 'text', text: JSON.stringify({ tools: names }) }]
    }
    return readContent(item.output, `${param}.output`).flatMap((part) => {
      if (part.type === 'text' || part.type === 'media') return [part]
      throw invalidField(`${param}.output`, 'text, images and files only')
    })
  }

  #other(item: JsonObject, type: JsonValue, param: string): void {
    if (typeof type !== 'string') throw invalidField(`${param}.type`, 'a text')
    const why = heldElsewhere[type]
    if (why !== undefined) throw unsupportedField(param, why)
    const foreign: Part = { type: 'foreign', dialect: 'responses', value: item }
    if (/_call$|_output$|^mcp_|^program/.test(type)) this.#join('assistant', [foreign])
    else this.turns.push({ role: 'user', joins: undefined, parts: [foreign] })
  }
}

/** Items that point to something only one upstream holds. */
const heldElsewhere: Readonly<Record<string, string>> = {
  item_reference: 'items are not stored. Send the item itself.',
  compaction: 'its content can be read by its maker only. Send the conversation itself.',
  compaction_trigger: 'conversations are not compacted on demand. Ask for a summary in a message.',
  mcp_approval_response: 'tools of MCP servers run at OpenAI only.',
}
