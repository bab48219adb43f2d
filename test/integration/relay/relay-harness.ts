import { afterEach, beforeEach } from 'vitest'
import { deploymentAt, type RelayServer, startRelayServer } from '../../doubles/relay-server.ts'
import { startUpstream, type Upstream } from '../../doubles/upstream-server.ts'

/** A relay before each test, with two upstreams of which the first is in its plan. */
export interface RelayHarness {
  upstream: Upstream
  second: Upstream
  server: RelayServer
  post(body: object): Promise<Response>
}

export function useRelay(): RelayHarness {
  const harness = {
    post: (body: object) =>
      fetch(harness.server.url, {
        method: 'POST',
        body: JSON.stringify({ model: 'group', messages: [], ...body }),
      }),
  } as RelayHarness

  beforeEach(async () => {
    harness.upstream = await startUpstream()
    harness.second = await startUpstream()
    harness.server = await startRelayServer()
    harness.server.setDeployments([deploymentAt(harness.upstream.url)])
  })

  afterEach(async () => {
    await harness.server.close()
    await harness.upstream.close()
    await harness.second.close()
  })
  return harness
}

/** What a client sees of a stream, also when it breaks off. */
export async function readStream(response: Response): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  try {
    for await (const chunk of response.body ?? []) text += decoder.decode(chunk, { stream: true })
  } catch {
    text += '<broken>'
  }
  return text
}

/** The text that the chunks of a chat stream hold. */
export function contentOf(stream: string): string {
  return chunksOf(stream)
    .map((chunk) => chunk.choices?.[0]?.delta?.content ?? '')
    .join('')
}

/** What a client reads of one chunk. */
export interface ChatChunk {
  readonly id?: string
  readonly model?: string
  readonly error?: { readonly code: string }
  readonly choices?: readonly {
    readonly delta?: { readonly role?: string; readonly content?: string; readonly tool_calls?: readonly object[] }
    readonly finish_reason?: string | null
  }[]
}

export function chunksOf(stream: string): ChatChunk[] {
  return stream
    .split('\n\n')
    .filter((event) => event.startsWith('data: {'))
    .map((event) => JSON.parse(event.slice(6)) as ChatChunk)
}
