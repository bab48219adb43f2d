import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formContentType, isFormType, readForm, writeForm } from '../../../gateway/model/upload-form.ts'

const type = 'multipart/form-data; boundary=edge'

function formOf(...parts: readonly string[]): Buffer {
  return Buffer.from(`${parts.map((part) => `--edge\r\n${part}\r\n`).join('')}--edge--\r\n`)
}

const modelPart = 'Content-Disposition: form-data; name="model"\r\n\r\nwhisper'

describe('a form', () => {
  it('reads what browsers, curl and the SDKs write', async () => {
    const given = new FormData()
    given.set('model', 'whisper')
    given.append('include[]', 'one')
    given.append('include[]', 'two')
    given.set('file', new File([new Uint8Array([0, 13, 10, 45, 45, 255])], 'a "b" ä.wav', { type: 'audio/wav' }))
    const request = new Request('http://localhost', { method: 'POST', body: given })
    const contentType = request.headers.get('content-type') ?? ''
    const { parts } = readForm(Buffer.from(await request.arrayBuffer()), contentType)
    expect(parts.map(({ name }) => name)).toEqual(['model', 'include[]', 'include[]', 'file'])
    expect(parts[3]).toMatchObject({ contentType: 'audio/wav', bytes: Buffer.from([0, 13, 10, 45, 45, 255]) })
    expect(parts[3]?.fileParameters).toBe('; filename="a %22b%22 ä.wav"')
  })

  it('comes out of writing as it went in, read by another reader too', async () => {
    const text = fc
      .string({ unit: 'grapheme', maxLength: 30 })
      .filter((value) => !/["\\\r\n]/.test(value) && value !== '')
    const part = fc.record({ name: text, bytes: fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)) })
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 5 }), async (parts) => {
        const form = { boundary: '----of-the-test', parts }
        const body = writeForm(form)
        expect(readForm(body, formContentType(form))).toEqual(form)
        const named = { ...form, parts: parts.map((entry) => ({ ...entry, fileParameters: '; filename="f"' })) }
        const headers = { 'content-type': formContentType(form) }
        const other = await new Response(new Uint8Array(writeForm(named)), { headers }).formData()
        expect([...other.keys()]).toEqual(parts.map(({ name }) => name))
        const files = await Promise.all([...other.values()].map((file) => (file as File).bytes()))
        expect(files.map((bytes) => Buffer.from(bytes))).toEqual(parts.map(({ bytes }) => bytes))
      }),
    )
  })

  it('never throws anything but its own refusal', () => {
    const soup = fc.array(
      fc.constantFrom(
        '--edge',
        '--',
        '\r\n',
        '\r\n\r\n',
        'Content-Disposition: form-data; name="a"',
        ' ',
        'x',
        ':',
        '"',
      ),
      { maxLength: 20 },
    )
    fc.assert(
      fc.property(soup, (pieces) => {
        try {
          readForm(Buffer.from(pieces.join('')), type)
        } catch (error) {
          expect(error).toMatchObject({ code: 'invalid_form' })
        }
      }),
    )
  })

  it.each([
    ['a quoted boundary', 'multipart/form-data; boundary="edge"'],
    ['a boundary behind another parameter', 'multipart/form-data; charset=utf-8; boundary=edge'],
  ])('takes %s', (_name, contentType) => expect(readForm(formOf(modelPart), contentType).parts).toHaveLength(1))

  it.each<[string, Buffer, string?]>([
    ['no boundary', formOf(modelPart), 'multipart/form-data'],
    ['no delimiter', Buffer.from('model=whisper')],
    ['no last delimiter', Buffer.from(`--edge\r\n${modelPart}`)],
    ['a longer delimiter, which some take for one', formOf(`${modelPart}\r\n--edgewise`)],
    ['no name', formOf('Content-Disposition: form-data\r\n\r\nx')],
    ['two names', formOf('Content-Disposition: form-data; name="a"; name="model"\r\n\r\nx')],
    ['two dispositions', formOf(`Content-Disposition: form-data; name="a"\r\n${modelPart}`)],
    ['a name in escapes', formOf('Content-Disposition: form-data; name="mo\\del"\r\n\r\nx')],
    ['an unknown parameter', formOf("Content-Disposition: form-data; name=a; name*=utf-8''model\r\n\r\nx")],
    ['base64', formOf(`Content-Transfer-Encoding: base64\r\n${modelPart}`)],
    ['a part without headers', formOf('whisper')],
  ])('refuses %s', (_name, body, contentType = type) => {
    expect(() => readForm(body, contentType)).toThrow(expect.objectContaining({ code: 'invalid_form' }))
  })

  it('is known by its type alone', () => {
    expect(isFormType('Multipart/Form-Data; boundary=x')).toBe(true)
    for (const other of [undefined, 'multipart/mixed; boundary=x', 'application/x-www-form-urlencoded', 'text/plain']) {
      expect(isFormType(other)).toBe(false)
    }
  })
})
