import type { Explanation } from '../contract/routers.ts'
import type { DimensionName } from '../model/complexity.ts'
import { formatScore, shortDimensionNames } from './reason-text.ts'

/** An explanation as lines for a terminal: the choice, the table of dimensions, what would be tried, what is wrong. */
export function explanationText(explanation: Explanation): string {
  const parts = [
    headLines(explanation),
    dimensionLines(explanation),
    candidateLines(explanation),
    courseLines(explanation),
    endLines(explanation),
  ]
  return parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')
}

function headLines({ model, role, router, tier, wantedTier, score, reason, boundaries }: Explanation): string[] {
  const asked = role === null || role === undefined ? [] : [`role    ${role}`]
  if (router === null || tier === null) return asked.length > 0 ? asked : [`model   ${model} (no router)`]
  const wanted = wantedTier === null || wantedTier === tier ? '' : ` (wanted ${wantedTier})`
  const lines = [...asked, `router  ${router}`, `tier    ${tier}${wanted}`]
  if (score !== null) lines.push(`score   ${formatScore(score)}${boundaryText(boundaries)}`)
  if (reason !== null) lines.push(`why     ${reason}`)
  return lines
}

function boundaryText(boundaries: Explanation['boundaries']): string {
  if (boundaries === null) return ''
  const { simple_medium, medium_complex, complex_reasoning } = boundaries
  const steps = [
    `MEDIUM from ${simple_medium}`,
    `COMPLEX from ${medium_complex}`,
    `REASONING from ${complex_reasoning}`,
  ]
  return ` (${steps.join(', ')})`
}

function dimensionLines({ dimensions }: Explanation): string[] {
  if (dimensions.length === 0) return []
  const rows = dimensions.map(({ name, raw, weight, weighted, fired }) => {
    const short = shortDimensionNames[name as DimensionName] ?? name
    return [short, formatScore(raw), formatScore(weight), formatScore(weighted), fired.join(', ')]
  })
  return tableLines([['dimension', 'raw', 'weight', 'weighted', 'fired'], ...rows])
}

function candidateLines({ candidates }: Explanation): string[] {
  if (candidates.length === 0) return []
  const rows = candidates.map(({ model, provider, upstreamModel, deploymentId, chainIndex }) => [
    model,
    `${provider}/${upstreamModel}`,
    chainIndex === 0 ? 'chosen' : `fallback ${chainIndex}`,
    shortId(deploymentId),
  ])
  return tableLines([['tries', 'upstream', 'place', 'deployment'], ...rows])
}

/** How equals are ordered is worth a line where there are any; the other chains are, where they lead elsewhere. */
function courseLines({ candidates, strategy, failFast, ...chains }: Explanation): string[] {
  const hasEquals = candidates.some(({ model }, index) => model === candidates[index - 1]?.model)
  const tried = new Set(candidates.map(({ deploymentId }) => deploymentId))
  const own = (label: string, chain: Explanation['candidates']) => {
    if (chain.every(({ deploymentId }) => tried.has(deploymentId))) return []
    return [`${label} ${[...new Set(chain.map(({ model }) => model))].join(', ')}`]
  }
  return [
    ...(hasEquals ? [`order    ${strategy}`] : []),
    ...(failFast ? ['fails    fast: one try, no fallback, no queue'] : []),
    ...own('too long', chains.onContextWindow),
    ...own('refused ', chains.onContentPolicy),
    ...(chains.waiting.length === 0 ? [] : [`waits    ${chains.waiting.map(({ model }) => model).join(', ')}`]),
  ]
}

function endLines({ skipped, warnings }: Explanation): string[] {
  const skips = skipped.map(({ model, reason }) => `skipped  ${model}: ${reason}`)
  return [...skips, ...warnings.map((warning) => `warning  ${warning}`)]
}

/** Columns as wide as their widest cell; numbers to the right. */
function tableLines(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows.map((row) =>
    row
      .map((cell, column) =>
        isNumeric(rows, column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  )
}

function isNumeric(rows: readonly (readonly string[])[], column: number): boolean {
  return rows.slice(1).every((row) => /^-?\d/.test(row[column] ?? '') && !Number.isNaN(Number(row[column])))
}

/** A hash is known by its first characters; an id that someone wrote is shown whole. */
function shortId(deploymentId: string): string {
  return /^[0-9a-f]{64}$/.test(deploymentId) ? deploymentId.slice(0, 12) : deploymentId
}
