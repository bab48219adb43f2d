export interface ChartPoint {
  readonly at: string
  readonly name: string | null
  readonly billedNanoUsd: number
}

export interface ChartBand {
  /** Null for requests that have none of it: no router, no agent. */
  readonly name: string | null
  /** True for the sum of all that have no band of their own. */
  readonly rest: boolean
}

export interface ChartPart {
  readonly band: ChartBand
  /** Its place in the order of bands. */
  readonly step: number
  readonly nanoUsd: number
  /** Percent of the chart's height. */
  readonly height: number
}

export interface ChartColumn {
  readonly at: string
  readonly totalNanoUsd: number
  /** From the foot upwards, none of them empty. */
  readonly parts: readonly ChartPart[]
}

export interface SpendChart {
  readonly bands: readonly ChartBand[]
  readonly columns: readonly ChartColumn[]
  /** The top of the scale and its lines from 0 upwards, nano-USD. */
  readonly top: number
  readonly lines: readonly number[]
}

export interface ChartOptions {
  /** Every column, also those without a point. */
  readonly places: readonly string[]
  /** Names in the order they are stacked; undefined = dearest first. */
  readonly order?: readonly (string | null)[]
  /** Bands at most, the rest being one more. */
  readonly most: number
  /** The scale reaches at least as far, nano-USD: it grows while one looks and does not shrink. */
  readonly atLeast: number
}

/** Stacks what was billed per day or hour. */
export function layoutSpendChart(points: readonly ChartPoint[], options: ChartOptions): SpendChart {
  const bands = bandsOf(points, options)
  const own = new Map(bands.filter((band) => !band.rest).map((band) => [band.name, bands.indexOf(band)]))
  const sums = new Map<string, number[]>()
  for (const point of points) {
    const column = sums.get(point.at) ?? bands.map(() => 0)
    const step = own.get(point.name) ?? bands.length - 1
    column[step] = (column[step] ?? 0) + point.billedNanoUsd
    sums.set(point.at, column)
  }
  const totals = options.places.map((at) => sum(sums.get(at) ?? []))
  const { top, lines } = scaleFor(Math.max(options.atLeast, ...totals))
  const columns = options.places.map((at, index): ChartColumn => {
    const parts = bands.map((band, step): ChartPart => {
      const nanoUsd = sums.get(at)?.[step] ?? 0
      return { band, step, nanoUsd, height: top === 0 ? 0 : (nanoUsd / top) * 100 }
    })
    return { at, totalNanoUsd: totals[index] ?? 0, parts: parts.filter((part) => part.nanoUsd > 0) }
  })
  return { bands, columns, top, lines }
}

/** Lines at round steps, three at most beside 0, and a top that lies at most half a step above the value; nothing for nothing. */
export function scaleFor(value: number): { readonly top: number; readonly lines: readonly number[] } {
  if (value <= 0) return { top: 0, lines: [] }
  const power = 10 ** Math.floor(Math.log10(value / 4))
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((size) => size * 4 >= value) ?? value
  const half = step / 2
  const top = half * Math.ceil(value / half - 1e-9)
  const lines = Array.from({ length: Math.floor(top / step) + 1 }, (_, index) => index * step)
  return { top, lines: lines.filter((line) => line < step * 4) }
}

function bandsOf(points: readonly ChartPoint[], { order, most }: ChartOptions): readonly ChartBand[] {
  const totals = new Map<string | null, number>()
  for (const { name, billedNanoUsd } of points) totals.set(name, (totals.get(name) ?? 0) + billedNanoUsd)
  const paid = [...totals].filter(([, total]) => total > 0)
  const place = (name: string | null) => order?.indexOf(name) ?? -1
  paid.sort(([one, ofOne], [other, ofOther]) => place(one) - place(other) || ofOther - ofOne)
  const own = paid.length > most + 1 ? paid.slice(0, most) : paid
  const bands = own.map(([name]): ChartBand => ({ name, rest: false }))
  return own.length === paid.length ? bands : [...bands, { name: null, rest: true }]
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
