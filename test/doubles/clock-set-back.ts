// Preloaded into a gateway (`NODE_OPTIONS=--import …`): each SIGUSR2 sets the clock of the process back by an hour.
const realNow = Date.now
let shiftMs = 0
Date.now = () => realNow() - shiftMs
process.on('SIGUSR2', () => {
  shiftMs += 3_600_000
})
