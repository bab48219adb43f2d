import type { PriceRefresh, RetentionSettings } from '../gateway-config.ts'
import type { ConfigFile } from '../schema/config-file.ts'
import { type CompileContext, locate } from './compile-context.ts'

const daysPerUnit: Readonly<Record<string, number>> = { d: 1, w: 7, mo: 30 }

/** How long rows are kept: our `retention.rows_days`, else LiteLLM's `maximum_spend_logs_retention_period`, else for good. */
export function compileRetention(file: ConfigFile, context: CompileContext): RetentionSettings {
  const own = file.signalbox?.retention?.rows_days
  if (own !== undefined) return { rowDays: own }
  const settings = file.general_settings
  const written = settings?.maximum_spend_logs_retention_period
  if (settings === undefined || written === undefined) return { rowDays: undefined }
  const [, count = '', unit = ''] = /^(\d{1,4})\s*(d|w|mo)$/u.exec(written.trim()) ?? []
  const days = Number(count) * (daysPerUnit[unit] ?? 0)
  if (days > 0) return { rowDays: days }
  context.problems.error({
    ...locate(context, settings, 'maximum_spend_logs_retention_period'),
    message: `maximum_spend_logs_retention_period is ${JSON.stringify(written.slice(0, 40))}, must be a number of days, weeks or months such as 30d`,
    seen: written.slice(0, 40),
    wanted: 'a number of days, weeks or months such as 30d',
  })
  return { rowDays: undefined }
}

/** Off unless the user allows it. */
export function compilePriceRefresh(file: ConfigFile, context: CompileContext): PriceRefresh {
  const block = file.signalbox?.prices
  const url = block?.url
  const isHttp = url === undefined || (URL.canParse(url) && ['http:', 'https:'].includes(new URL(url).protocol))
  if (block !== undefined && !isHttp) {
    context.problems.error({
      ...locate(context, block, 'url'),
      message: 'url must be an address of a price list, starting with http:// or https://',
      wanted: 'an address starting with http:// or https://',
    })
  }
  return { every: block?.refresh ?? 'off', url }
}
