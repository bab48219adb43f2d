import { isJsonObject } from '../../model/json.ts'
import type { UpstreamControl, UpstreamSink } from '../../upstream/upstream-exchange.ts'

/** A count is a convenience: nobody waits longer for it. */
const deadlineMs = 5_000

/**
 * Reads the answer of `/v1/messages/count_tokens`. Gives undefined for anything but a count: the endpoint may not be there,
 * and a local estimate then serves.
 */
export function readCount(send: (sink: UpstreamSink) => UpstreamControl): Promise<number | undefined> {
  return new Promise((resolve) => {
    const pieces: Buffer[] = []
    let status = 0
    const settle = (count: number | undefined): void => {
      clearTimeout(timer)
      resolve(count)
    }
    const control = send({
      onHead: (head) => {
        status = head
      },
      onData: (chunk) => {
        pieces.push(chunk)
      },
      onEnd: () => settle(status === 200 ? countIn(Buffer.concat(pieces)) : undefined),
      onError: () => settle(undefined),
    })
    const timer = setTimeout(() => {
      control.abort()
      settle(undefined)
    }, deadlineMs)
  })
}

function countIn(body: Buffer): number | undefined {
  try {
    const answer: unknown = JSON.parse(body.toString('utf8'))
    const count = isJsonObject(answer) ? answer.input_tokens : undefined
    return typeof count === 'number' && Number.isInteger(count) && count >= 0 ? count : undefined
  } catch {
    return undefined
  }
}
