import type { NetworkPathView } from '../contract.ts'
import type { LampState } from './lamp-state.ts'

type End = NetworkPathView['ends'][number]

/** One row of the diagram: an end of a line, and the hop before it where the line has not been drawn yet. */
export interface DiagramRow {
  readonly key: string
  readonly path: NetworkPathView
  readonly end: End
  /** False for the further ends of one line, which go off from its hop. */
  readonly first: boolean
  readonly hop: LampState
  readonly lamp: LampState
  /** True where nothing gets through: dotted. */
  readonly lost: boolean
}

const lamps: Readonly<Record<End['state'], LampState>> = {
  up: 'up',
  busy: 'up',
  starting: 'loading',
  unknown: 'loading',
  path_lost: 'off',
  path_stalled: 'off',
  host_down: 'away',
  service_down: 'away',
  auth: 'failed',
  impostor: 'failed',
}

const cut: ReadonlySet<End['state']> = new Set(['path_lost', 'path_stalled', 'host_down'])

/** The rows of the line diagram, from top to bottom. */
export function diagramRows(paths: readonly NetworkPathView[]): readonly DiagramRow[] {
  return paths.flatMap((path, place) =>
    path.ends.map((end, index) => ({
      key: `${place} ${end.kind} ${end.name}`,
      path,
      end,
      first: index === 0,
      hop: path.state === 'up' ? 'up' : 'away',
      lamp: lamps[end.state],
      lost: path.state !== 'up' || cut.has(end.state),
    })),
  )
}

/** A line from the junction to the middle of each path's first row. Figures in px: the fork is `width` wide. */
export function forkLines(rows: readonly DiagramRow[], width: number, rowHeight: number): readonly string[] {
  const middle = (rows.length * rowHeight) / 2
  return rows.flatMap((row, index) => {
    if (!row.first) return []
    const y = index * rowHeight + rowHeight / 2
    return `M0 ${middle}C${width * 0.5} ${middle} ${width * 0.5} ${y} ${width} ${y}`
  })
}
