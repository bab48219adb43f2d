import { contextBridge, ipcRenderer } from 'electron'
import { bridgeName, channels, type DesktopBridge } from '../desktop/bridge.ts'

const bridge: DesktopBridge = {
  platform: process.platform,
  openDashboard: (fragment) => ipcRenderer.send(channels.openDashboard, fragment),
}

contextBridge.exposeInMainWorld(bridgeName, bridge)
