/** The five states of the mark in the tray. */
export const trayStates = ['off', 'limit', 'degraded', 'working', 'ok'] as const

/** One file below resources/icons and how it is made. Sizes in pixels. */
export interface IconFile {
  readonly path: string
  /** A file of resources/icons/source, without its ending. */
  readonly source: string
  /** In place of the black of the source; undefined = as drawn. */
  readonly colour: string | undefined
  readonly format: 'png' | 'ico' | 'icns'
  /** One for a PNG; the sizes inside the others. */
  readonly sizes: readonly number[]
}

/** Light lines for dark taskbars and panels, dark ones for light: on Linux the text colours of the interface, on Windows its own. */
const linuxTones = { light: '#f2f4f6', dark: '#1b222c' } as const
const windowsTones = { light: '#ffffff', dark: '#000000' } as const

const linuxScales = [
  { suffix: '', size: 24 },
  { suffix: '@1.33x', size: 32 },
  { suffix: '@2x', size: 48 },
] as const

/** Every icon of the product. What a system asks for is told beside the tray's adapter and in electron-builder.yml. */
export function iconSet(): readonly IconFile[] {
  return [...trayStates.flatMap(trayFiles), ...applicationFiles()]
}

function trayFiles(state: (typeof trayStates)[number]): readonly IconFile[] {
  const source = `tray-${state}`
  const png = (path: string, size: number, colour: string | undefined): IconFile => ({
    path: `tray/${path}.png`,
    source,
    colour,
    format: 'png',
    sizes: [size],
  })
  return [
    // macOS colours them itself, by the end of the name.
    png(`darwin/${state}Template`, 16, undefined),
    png(`darwin/${state}Template@2x`, 32, undefined),
    ...(['light', 'dark'] as const).flatMap((tone): IconFile[] => [
      ...linuxScales.map(({ suffix, size }) => png(`linux/${state}-${tone}${suffix}`, size, linuxTones[tone])),
      {
        path: `tray/win32/${state}-${tone}.ico`,
        source,
        colour: windowsTones[tone],
        format: 'ico',
        sizes: [16, 20, 24, 32],
      },
    ]),
  ]
}

function applicationFiles(): readonly IconFile[] {
  const mark = { source: 'mark', colour: undefined }
  const linux = [16, 24, 32, 48, 64, 128, 256, 512].map(
    (size): IconFile => ({ ...mark, path: `linux/${size}x${size}.png`, format: 'png', sizes: [size] }),
  )
  return [
    ...linux,
    { ...mark, path: 'app.png', format: 'png', sizes: [1024] },
    { ...mark, path: 'app.ico', format: 'ico', sizes: [16, 24, 32, 48, 64, 128, 256] },
    { ...mark, path: 'app.icns', format: 'icns', sizes: [16, 32, 64, 128, 256, 512, 1024] },
  ]
}
