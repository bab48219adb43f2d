/** An export that was not made; every file is as it was. The message says what to do. */
export class ExportError extends Error {
  override readonly name = 'ExportError'
}
