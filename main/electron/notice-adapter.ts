import { Notification } from 'electron'
import type { NoticePort } from '../ports/electron-ports.ts'

/** Notices of the desktop. One that is shown is held until it is gone: a collected one would not hear its click. */
export function adaptNotices(): NoticePort {
  const held = new Set<Notification>()
  return {
    isPossible: () => Notification.isSupported(),
    show: ({ title, body }, onClick) => {
      const notification = new Notification({ title, body })
      const release = () => held.delete(notification)
      held.add(notification)
      notification.on('click', onClick)
      notification.on('close', release)
      notification.on('failed', release)
      notification.show()
    },
  }
}
