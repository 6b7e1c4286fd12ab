import { isatty } from 'node:tty'

/** Whether SIGHUP rereads the models. On a terminal it ends the server: there it means that the terminal has closed. */
export const rereadsOnHangup = (): boolean => !isatty(0)
