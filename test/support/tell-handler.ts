/** Loaded before a program under test: tells on file descriptor 3 when the program installs a handler for SIGTERM. */
import { writeSync } from 'node:fs'
import { CHANNEL_VARIABLE } from '../../engine/processes/channel.ts'

const isChild = process.env[CHANNEL_VARIABLE] !== undefined // its descriptor 3 is the channel to its parent
if (!isChild) process.on('newListener', event => { if (event === 'SIGTERM') writeSync(3, '.') })
