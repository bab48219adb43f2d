import { securityHeaders } from './security-headers.ts'

const errorTypes: Readonly<Record<number, string>> = {
  403: 'permission_error',
  404: 'not_found_error',
  405: 'invalid_request_error',
  503: 'service_unavailable',
}

/** An error in the shape the gateway gives (`{"error":{message,type,param,code}}`), so the interface reads one shape only. */
export function errorResponse(status: number, code: string, message: string): Response {
  const type = errorTypes[status] ?? 'server_error'
  return Response.json(
    { error: { message, type, param: null, code } },
    { status, headers: { ...securityHeaders, 'cache-control': 'no-store' } },
  )
}
