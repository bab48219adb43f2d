/**
 * What the interface may load: only what comes with it, nothing inline, no frames. The page holds a session that may
 * switch routers and make keys. The gateway and the desktop application both send it, as a header, because
 * frame-ancestors works nowhere else.
 */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')
