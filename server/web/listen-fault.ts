/** Why a port cannot be opened, in one sentence with the remedy. */
export function listenFault(cause: NodeJS.ErrnoException, host: string, port: number): string {
  switch (cause.code) {
    case 'EADDRINUSE':
      return `Port ${port} on ${host} is in use: stop what uses it, or set PORT to another.`;
    case 'EACCES':
      return `Port ${port} may not be opened by this user: set PORT to 1024 or more.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `HOST is ${host}, which is no address of this machine.`;
    default:
      return `Patchbay cannot listen on ${host}:${port} (${cause.code ?? cause.message}).`;
  }
}
