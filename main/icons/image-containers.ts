/** A square picture. `png` and `pixels` (RGBA, a byte each, rows from the top) show the same. */
export interface Picture {
  readonly size: number
  readonly png: Buffer
  readonly pixels: Buffer
}

const icoHeaderBytes = 6
const icoEntryBytes = 16
const bitmapHeaderBytes = 40
/** From here on Windows wants PNG inside; smaller ones are bitmaps, which every reader of icons takes. */
const pngFrom = 256

/** A Windows icon with all pictures. */
export function icoFile(pictures: readonly Picture[]): Buffer {
  const header = Buffer.alloc(icoHeaderBytes + icoEntryBytes * pictures.length)
  header.writeUInt16LE(1, 2)
  header.writeUInt16LE(pictures.length, 4)
  const bodies = pictures.map((picture) => (picture.size >= pngFrom ? picture.png : bitmap(picture)))
  let offset = header.length
  for (const [index, { size }] of pictures.entries()) {
    const body = bodies[index] ?? Buffer.alloc(0)
    const at = icoHeaderBytes + icoEntryBytes * index
    // 0 stands for 256.
    header.writeUInt8(size % 256, at)
    header.writeUInt8(size % 256, at + 1)
    header.writeUInt16LE(1, at + 4)
    header.writeUInt16LE(32, at + 6)
    header.writeUInt32LE(body.length, at + 8)
    header.writeUInt32LE(offset, at + 12)
    offset += body.length
  }
  return Buffer.concat([header, ...bodies])
}

/** BITMAPINFOHEADER, colours from the bottom row up as blue, green, red, alpha, and an empty mask. */
function bitmap({ size, pixels }: Picture): Buffer {
  const header = Buffer.alloc(bitmapHeaderBytes)
  header.writeUInt32LE(bitmapHeaderBytes, 0)
  header.writeInt32LE(size, 4)
  // Colours and mask count as one picture of twice the height.
  header.writeInt32LE(size * 2, 8)
  header.writeUInt16LE(1, 12)
  header.writeUInt16LE(32, 14)
  const colours = Buffer.alloc(size * size * 4)
  for (let row = 0; row < size; row += 1) {
    pixels.copy(colours, (size - 1 - row) * size * 4, row * size * 4, (row + 1) * size * 4)
  }
  for (let at = 0; at < colours.length; at += 4) {
    const red = colours.readUInt8(at)
    colours.writeUInt8(colours.readUInt8(at + 2), at)
    colours.writeUInt8(red, at + 2)
  }
  const maskRowBytes = Math.ceil(size / 32) * 4
  return Buffer.concat([header, colours, Buffer.alloc(maskRowBytes * size)])
}

/** The kinds of picture in a macOS icon and their sizes; 32, 64, 256, 512 and 1024 also serve as doubled ones. */
const icnsKinds = [
  ['icp4', 16],
  ['icp5', 32],
  ['ic07', 128],
  ['ic08', 256],
  ['ic09', 512],
  ['ic10', 1024],
  ['ic11', 32],
  ['ic12', 64],
  ['ic13', 256],
  ['ic14', 512],
] as const

/** A macOS icon. @throws Error when a size is missing */
export function icnsFile(pictures: readonly Picture[]): Buffer {
  const chunks = icnsKinds.map(([kind, size]) => {
    const picture = pictures.find((one) => one.size === size)
    if (picture === undefined) throw new Error(`A macOS icon needs a picture of ${size} pixels.`)
    return Buffer.concat([chunkHead(kind, picture.png.length), picture.png])
  })
  const bytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0)
  return Buffer.concat([chunkHead('icns', bytes), ...chunks])
}

function chunkHead(kind: string, bytes: number): Buffer {
  const head = Buffer.alloc(8)
  head.write(kind, 'latin1')
  head.writeUInt32BE(bytes + 8, 4)
  return head
}
