/** The variables that say where a process listens. */
interface ListenNames {
  readonly host: string;
  readonly port: string;
}

/** Why a port cannot be opened, in one sentence with the remedy. */
export function listenFault(
  cause: NodeJS.ErrnoException,
  { host, port }: { readonly host: string; readonly port: number },
  names: ListenNames = { host: 'HOST', port: 'PORT' },
): string {
  switch (cause.code) {
    case 'EADDRINUSE':
      return `Port ${port} on ${host} is in use: stop what uses it, or set ${names.port} to another.`;
    case 'EACCES':
      return `Port ${port} may not be opened by this user: set ${names.port} to 1024 or more.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${names.host} is ${host}, which is no address of this machine.`;
    default:
      return `Patchbay cannot listen on ${host}:${port} (${cause.code ?? cause.message}).`;
  }
}
