/** Paths of the control API: the server registers them, every client builds its URLs from them. All relative to the origin. */
export const controlRoutes = {
  status: '/api/status',
  events: '/api/events',
  requests: '/api/requests',
  request: (id: string) => `/api/requests/${encodeURIComponent(id)}`,
  routers: '/api/routers',
  routerSwitch: (name: string) => `/api/routers/${encodeURIComponent(name)}/switch`,
  explain: '/api/route/explain',
  session: '/api/session',
  uiLink: '/api/ui-link',
  masterKey: '/api/master-key',
  config: '/api/config',
  configEdits: '/api/config/edits',
  configCheck: '/api/config/check',
  backends: '/api/backends',
  spend: '/api/spend',
  reprice: '/api/spend/reprice',
  quotas: '/api/quotas',
  roles: '/api/roles',
  sessionSpend: (id: string) => `/api/sessions/${encodeURIComponent(id)}`,
  cache: '/api/cache',
  audit: '/api/audit',
  keys: '/api/keys',
  key: (id: string) => `/api/keys/${encodeURIComponent(id)}`,
  blockKey: (id: string) => `/api/keys/${encodeURIComponent(id)}/block`,
  unblockKey: (id: string) => `/api/keys/${encodeURIComponent(id)}/unblock`,
  regenerateKey: (id: string) => `/api/keys/${encodeURIComponent(id)}/regenerate`,
} as const

/** Where the interface is served by the gateway itself. */
export const uiPath = '/ui/'
