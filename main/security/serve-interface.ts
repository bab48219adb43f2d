import { readFile } from 'node:fs/promises'
import { extname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { securityHeaders } from './security-headers.ts'
import { errorResponse } from './error-response.ts'

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
}

/** One file of the built interface. Only GET and HEAD; only files below `directory`; only types the interface is made of. */
export async function serveInterface(method: string, url: URL, directory: string): Promise<Response> {
  if (method !== 'GET' && method !== 'HEAD') {
    return errorResponse(405, 'method_not_allowed', `${method} is not possible on a file. Use GET.`)
  }
  const file = resolveInside(directory, url.pathname)
  const type = file === undefined ? undefined : contentTypes[extname(file)]
  const bytes = file === undefined || type === undefined ? undefined : await readOrNothing(file)
  if (bytes === undefined || type === undefined) {
    return errorResponse(404, 'not_found', `${url.pathname} is not part of the interface.`)
  }
  // Vite puts a hash of the content into every name but that of the page.
  const caching = type.startsWith('text/html') ? 'no-cache' : 'max-age=31536000, immutable'
  const headers = { ...securityHeaders, 'content-type': type, 'cache-control': caching }
  return new Response(method === 'HEAD' ? null : bytes, { headers })
}

/** The absolute path of a URL's file, or undefined when it would lie outside of `directory` or cannot be a file name. */
export function resolveInside(directory: string, pathname: string): string | undefined {
  let decoded: string
  try {
    decoded = decodeURIComponent(pathname)
  } catch {
    return undefined
  }
  if (decoded.includes('\0') || decoded.includes('\\')) return undefined
  const root = resolve(directory)
  const file = resolve(join(root, decoded.endsWith('/') ? `${decoded}index.html` : decoded))
  const path = relative(root, file)
  const outside = path === '' || path === '..' || path.startsWith(`..${sep}`) || isAbsolute(path)
  return outside ? undefined : file
}

async function readOrNothing(file: string): Promise<Buffer<ArrayBuffer> | undefined> {
  try {
    return await readFile(file)
  } catch {
    return undefined
  }
}
