/** A row of figures as a line: places in percent of width and height, from the top left. One figure is a level line. */
export function layoutSparkline(values: readonly number[]): readonly { readonly x: number; readonly y: number }[] {
  const most = Math.max(...values)
  const steps = Math.max(1, values.length - 1)
  return values.map((value, index) => ({ x: (index / steps) * 100, y: most > 0 ? 100 - (value / most) * 100 : 100 }))
}
