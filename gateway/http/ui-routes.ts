import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { contentSecurityPolicy } from '../contract/content-security-policy.ts'
import { uiPath } from '../contract/routes.ts'
import type { RouteGroup } from './route-registry.ts'

const pageHeaders = {
  'content-security-policy': contentSecurityPolicy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'x-frame-options': 'DENY',
} as const

/**
 * The built interface at `/ui/`, from a folder that may come or go while the gateway runs. `app` gets `reply.sendFile`.
 * @param directory where `index.html` lies; undefined = this installation has none
 */
export async function uiRoutes(app: FastifyInstance, directory: string | undefined): Promise<RouteGroup> {
  if (directory !== undefined) await app.register(fastifyStatic, { root: directory, serve: false })

  const redirect = (_request: FastifyRequest, reply: FastifyReply) =>
    reply.headers({ ...pageHeaders, 'cache-control': 'no-cache' }).redirect(uiPath, 308)

  const serve = (request: FastifyRequest, reply: FastifyReply) => {
    reply.headers(pageHeaders)
    if (directory === undefined || !existsSync(join(directory, 'index.html'))) return sendMissingPage(reply)
    const name = (request.params as { readonly '*'?: string })['*'] ?? ''
    // A path without an extension is a place inside the interface, not a file.
    const file = /\.[a-z0-9]+$/iu.test(name) ? name : 'index.html'
    if (!isPlainPath(file)) return reply.callNotFound()
    reply.header('cache-control', isHashed(file) ? 'public, max-age=31536000, immutable' : 'no-cache')
    return reply.sendFile(file, { cacheControl: false, dotfiles: 'ignore' })
  }
  const methods = ['GET', 'HEAD'] as const
  return [
    { methods, path: '/ui', access: 'ui', handler: redirect },
    { methods, path: '/ui/*', access: 'ui', handler: serve },
  ]
}

/** No dots at the start of a part: neither hidden files nor a way out of the folder. */
function isPlainPath(file: string): boolean {
  return file.split('/').every((part) => /^[\w@-][\w.@-]*$/u.test(part))
}

/** Vite puts a hash of the content into the names under `assets/`: the same name is the same bytes for ever. */
function isHashed(file: string): boolean {
  return /^assets\/.+-[\w-]{8,}\.[a-z0-9]+$/iu.test(file)
}

function sendMissingPage(reply: FastifyReply): FastifyReply {
  return reply
    .code(503)
    .headers({ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' })
    .send(
      '<!doctype html><html lang="en"><meta charset="utf-8"><title>Signalbox</title><h1>The interface is not built</h1><p>The gateway runs. To have its interface here, run <code>npm run build</code> in the project folder and load this page again.</p></html>',
    )
}
