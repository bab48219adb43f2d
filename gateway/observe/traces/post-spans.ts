import type { UpstreamDispatcher } from '../../upstream/dispatch.ts'
import type { PostSpans } from './otlp-exporter.ts'

/** Posts to a collector over the gateway's own connections, and so through its proxy. Gives undefined when nobody answers in time. */
export function createPostSpans(upstream: Pick<UpstreamDispatcher, 'send'>): PostSpans {
  return ({ url, headers, timeoutMs }, body) =>
    new Promise((resolve) => {
      let status: number | undefined
      const deadline = setTimeout(() => {
        control.abort()
        resolve(undefined)
      }, timeoutMs)
      const end = (): void => {
        clearTimeout(deadline)
        resolve(status)
      }
      const request = {
        method: 'POST',
        url,
        headers: { ...headers, 'content-type': 'application/json', 'content-length': String(body.length) },
        body,
        connectMs: timeoutMs,
      } as const
      const control = upstream.send(request, {
        onHead: (code) => {
          status = code
        },
        onData: () => {},
        onEnd: end,
        onError: end,
      })
    })
}
