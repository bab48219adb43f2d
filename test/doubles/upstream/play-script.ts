import type { ServerResponse } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { completionBody, errorBody, streamChunks } from './completion-shapes.ts'
import type { RecordedRequest } from './recorded-request.ts'
import type { CompletionScript, Gate, RawScript, Script, StreamScript } from './script.ts'

/** How a script reaches the wire. `closed` is true once the client or the server has ended the connection. */
export interface Stage {
  readonly request: RecordedRequest
  readonly response: ServerResponse
  closed(): boolean
  /** Waits at a gate; returns early when the connection or the server ends. */
  waitAt(gate: Gate): Promise<void>
}

/** Plays one script to its end. Never rejects because a client went away. */
export async function playScript(script: Script, stage: Stage): Promise<void> {
  switch (script.kind) {
    case 'completion':
      return playCompletion(script, stage)
    case 'stream':
      return playStream(script, stage)
    case 'error':
      return sendWhole(stage, script.status, { 'content-type': 'application/json', ...script.headers }, [
        JSON.stringify(errorBody(script)),
      ])
    case 'raw':
      return playRaw(script, stage)
    case 'stall': {
      await stage.waitAt(script.gate)
      if (script.then !== undefined) return playScript(script.then, stage)
      stage.response.destroy()
      return
    }
    case 'reset': {
      if (script.when === 'reused' && !stage.request.reusedSocket) {
        return playScript(script.otherwise ?? { kind: 'completion', text: 'Hello.' }, stage)
      }
      stage.response.socket?.resetAndDestroy()
    }
  }
}

async function playCompletion(script: CompletionScript, stage: Stage): Promise<void> {
  if (script.before !== undefined) await stage.waitAt(script.before)
  const text = JSON.stringify(completionBody(script, askedModel(stage)))
  const headers: Record<string, string> = {
    'content-type': script.contentType ?? 'application/json',
    ...script.headers,
  }
  if (script.gzip === true) headers['content-encoding'] = 'gzip'
  sendWhole(stage, 200, headers, [script.gzip === true ? gzipSync(text) : text])
}

async function playStream(script: StreamScript, stage: Stage): Promise<void> {
  if (script.before !== undefined) await stage.waitAt(script.before)
  if (stage.closed()) return
  const { response } = stage
  response.writeHead(200, {
    'content-type': script.contentType ?? 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
    ...script.headers,
  })
  const events = framedEvents(script, stage)
  const stallAt = script.stall?.events ?? 0
  if (script.stall !== undefined) {
    await writeEvents(events.slice(0, stallAt), script, stage)
    await stage.waitAt(script.stall.gate)
  }
  await writeEvents(events.slice(stallAt), script, stage)
  if (stage.closed()) return
  if (script.cutAfter === undefined) response.end()
  else cut(response)
}

/** The stream's events as text, cut or ended by an error frame where the script says so. */
function framedEvents(script: StreamScript, stage: Stage): string[] {
  const includeUsage = stage.request.json?.stream_options?.include_usage === true
  const newline = script.framing === 'crlf' ? '\r\n' : '\n'
  const payloads = streamChunks(script, askedModel(stage), includeUsage).map((chunk) => JSON.stringify(chunk))
  if (script.errorAfter !== undefined) {
    const { events, message, code } = script.errorAfter
    payloads.splice(
      events,
      payloads.length,
      JSON.stringify(errorBody({ message, code: code ?? null, type: 'server_error' })),
    )
  } else if (script.done !== false) payloads.push('[DONE]')
  const kept = script.cutAfter === undefined ? payloads : payloads.slice(0, script.cutAfter)
  const comment = script.comments === true ? `: keep-alive${newline}${newline}` : ''
  return kept.map((payload) => `${comment}data: ${payload}${newline}${newline}`)
}

async function writeEvents(events: readonly string[], script: StreamScript, stage: Stage): Promise<void> {
  for (const block of blocks(events, script.writes ?? 'per-event')) {
    if (stage.closed()) return
    await written(stage.response, block)
    if (script.pauseMs !== undefined) await pause(script.pauseMs)
  }
}

function blocks(events: readonly string[], writes: 'per-event' | 'at-once' | number): Uint8Array[] {
  if (writes === 'per-event') return events.map((event) => Buffer.from(event))
  const whole = Buffer.from(events.join(''))
  if (writes === 'at-once') return [whole]
  const count = Math.ceil(whole.length / writes)
  return Array.from({ length: count }, (_, index) => whole.subarray(index * writes, (index + 1) * writes))
}

async function playRaw(script: RawScript, stage: Stage): Promise<void> {
  const body = script.body ?? []
  if (script.cut !== true && script.stall === undefined) {
    return sendWhole(stage, script.status ?? 200, script.headers ?? {}, body)
  }
  stage.response.writeHead(script.status ?? 200, script.headers)
  for (const [index, block] of body.entries()) {
    if (index === script.stall?.blocks) await stage.waitAt(script.stall.gate)
    if (stage.closed()) return
    await written(stage.response, block)
  }
  if (script.cut === true) cut(stage.response)
  else stage.response.end()
}

function sendWhole(
  stage: Stage,
  status: number,
  headers: Readonly<Record<string, string>>,
  body: readonly (string | Uint8Array)[],
): void {
  if (stage.closed()) return
  const bytes = Buffer.concat(body.map((block) => Buffer.from(block)))
  stage.response.writeHead(status, { 'content-length': String(bytes.length), ...headers })
  stage.response.end(bytes)
}

/** Resolves when the bytes are with the kernel, so that a cut never overtakes what was written before it. */
function written(response: ServerResponse, block: string | Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    response.write(block, () => resolve())
  })
}

/** Ends the connection in the middle of the body, after what was written before. */
function cut(response: ServerResponse): void {
  if (!response.headersSent) response.flushHeaders()
  response.socket?.destroySoon()
}

function askedModel(stage: Stage): string {
  return stage.request.json?.model ?? 'unnamed-model'
}
