import { type Static, Type } from 'typebox'

/** `<data-dir>/gateway.json`, mode 0600: how commands find the running gateway, and the lock against a second one on the same data. */
export const GatewayFileSchema = Type.Object({
  pid: Type.Integer(),
  url: Type.String(),
  controlToken: Type.String(),
  version: Type.String(),
  startedAt: Type.Number(),
})

export type GatewayFile = Static<typeof GatewayFileSchema>

export const gatewayFileName = 'gateway.json'
