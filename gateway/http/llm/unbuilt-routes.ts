import { GatewayError } from '../../model/errors.ts'
import type { RouteGroup } from '../route-registry.ts'

const paths = ['/v1/completions', '/completions'] as const

/** Routes of later versions: refused in the words of their own API, so that a client stops and says why. */
export function unbuiltRoutes(): RouteGroup {
  const handler = (): never => {
    throw new GatewayError(
      'not_found',
      'This version of Signalbox does not have this route: it speaks chat completions, responses, messages and Gemini generateContent. It comes with a later version.',
    )
  }
  return paths.map((path) => ({ methods: ['POST'], path, access: 'llm', handler }))
}
