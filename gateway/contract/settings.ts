import { type Static, Type } from 'typebox'
import { nullable } from './values.ts'

const Switch = Type.Union([Type.Literal('on'), Type.Literal('off')])

/** `GET /api/settings`: what the config file in effect says of the gateway itself. Changed by `/api/config/edits` in `signalbox`. */
export const SettingsSchema = Type.Object({
  /** Null = the file does not say: 4000. */
  port: nullable(Type.Integer()),
  /** Null = the file does not say: 127.0.0.1. */
  host: nullable(Type.String()),
  discovery: Type.Union([Type.Literal('off'), Type.Literal('loopback')]),
  demo: Switch,
  /** Whether the files of connected agents follow models and prices. */
  agentResync: Switch,
  priceRefresh: Type.Union([Type.Literal('off'), Type.Literal('weekly')]),
  /** Days that rows of requests are kept; null = for good. */
  rowDays: nullable(Type.Integer()),
})

export type Settings = Static<typeof SettingsSchema>
