import { contextBridge, ipcRenderer } from 'electron'
import { bridgeName, channels, type DesktopBridge } from '../desktop/bridge.ts'

const bridge: DesktopBridge = {
  platform: process.platform,
  openDashboard: () => ipcRenderer.send(channels.openDashboard),
}

contextBridge.exposeInMainWorld(bridgeName, bridge)
