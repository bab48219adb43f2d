import { contextBridge, ipcRenderer } from 'electron'
import { askChannels, bridgeName, channels, type DesktopBridge } from '../desktop/bridge.ts'

const bridge: DesktopBridge = {
  platform: process.platform,
  openDashboard: (fragment) => ipcRenderer.send(channels.openDashboard, fragment),
  view: () => ipcRenderer.invoke(askChannels.view),
  change: (change) => ipcRenderer.invoke(askChannels.change, change),
  startGateway: (port) => ipcRenderer.send(channels.startGateway, port),
  reveal: (target) => ipcRenderer.send(channels.reveal, target),
  installUpdate: () => ipcRenderer.send(channels.installUpdate),
  quit: () => ipcRenderer.send(channels.quit),
}

contextBridge.exposeInMainWorld(bridgeName, bridge)
