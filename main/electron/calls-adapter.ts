import { ipcMain } from 'electron'
import { isTrustedSender } from '../desktop/sender.ts'
import type { CallsPort } from '../ports/electron-ports.ts'

/** The preload's messages as a port. A frame that is not trusted is not heard, and gets no answer but a refusal. */
export function adaptCalls(): CallsPort {
  return {
    hear: (channel, listener) => {
      const onCall = (event: Electron.IpcMainEvent, value: unknown) => {
        if (isTrustedSender(event.senderFrame)) listener(value)
      }
      ipcMain.on(channel, onCall)
      return () => ipcMain.off(channel, onCall)
    },
    answer: (channel, listener) => {
      ipcMain.handle(channel, (event, value: unknown) => {
        if (!isTrustedSender(event.senderFrame)) throw new Error('Only pages of the interface may ask this.')
        return listener(value)
      })
      return () => ipcMain.removeHandler(channel)
    },
  }
}
