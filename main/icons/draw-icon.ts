import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Resvg } from '@resvg/resvg-js'
import type { IconFile } from './icon-set.ts'
import { icnsFile, icoFile, type Picture } from './image-containers.ts'

/** The bytes of one icon, drawn from its source below `sources`. */
export function drawIcon(sources: string, { source, colour, format, sizes }: IconFile): Buffer {
  const svg = readFileSync(join(sources, `${source}.svg`), 'utf8')
  const coloured = colour === undefined ? svg : svg.replaceAll('#000', colour)
  const pictures = sizes.map((size) => draw(coloured, size))
  if (format === 'ico') return icoFile(pictures)
  if (format === 'icns') return icnsFile(pictures)
  return pictures[0]?.png ?? Buffer.alloc(0)
}

function draw(svg: string, size: number): Picture {
  const image = new Resvg(svg, { fitTo: { mode: 'width', value: size }, font: { loadSystemFonts: false } }).render()
  return { size, png: image.asPng(), pixels: plainColours(image.pixels) }
}

/** The renderer multiplies colours by their alpha; icons want them as they are. */
function plainColours(pixels: Buffer): Buffer {
  const plain = Buffer.from(pixels)
  for (let at = 0; at < plain.length; at += 4) {
    const alpha = plain.readUInt8(at + 3)
    if (alpha === 0) continue
    for (let part = at; part < at + 3; part += 1) {
      plain.writeUInt8(Math.min(255, Math.round((plain.readUInt8(part) * 255) / alpha)), part)
    }
  }
  return plain
}
