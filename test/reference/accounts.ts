import { createEmptyDatabase } from '#test/server/backup/empty-database.ts';
import { hasMariaDb, startMariaDb } from '#test/support/mariadb.ts';
import { startMailServer } from '#test/support/mail-server.ts';
import { query } from '#test/support/query.ts';

/** Servers that examples connect to, each with what its pages say is there. */
export interface Accounts {
  /** Fields of a connection, by the kind of account. */
  readonly fields: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** What workers must be allowed to reach besides loopback: the tests' database is our own, too. */
  readonly egressAllow: string;
  stop(): Promise<void>;
}

export async function startAccounts(): Promise<Accounts> {
  const mail = await startMailServer();
  const maria = hasMariaDb() ? await startMariaDb() : null;
  await maria?.sql(
    `CREATE DATABASE shop; CREATE USER flows IDENTIFIED BY 'password'; GRANT ALL ON shop.* TO flows; USE shop;
     CREATE TABLE orders (number varchar(20) PRIMARY KEY, customer int, total decimal(12,2));
     INSERT INTO orders VALUES ('A-1', 7, 10.00), ('A-2', 7, 99.50), ('A-3', 8, 5.00);
     CREATE TABLE \`lines\` (id bigint AUTO_INCREMENT PRIMARY KEY, order_number varchar(20), sku varchar(20), quantity int);
     CREATE TABLE stock (sku varchar(20) PRIMARY KEY, quantity int); INSERT INTO stock VALUES ('tea', 3)`,
  );
  const { hostname, port, pathname, username, password } = new URL(await createEmptyDatabaseWithTables());
  return {
    fields: {
      smtp: { host: '127.0.0.1', port: String(mail.port), security: 'none', from: 'Shop <shop@example.com>' },
      postgres: {
        ...{ host: hostname, port, database: pathname.slice(1), user: username },
        ...{ password: decodeURIComponent(password) || 'none', ssl: 'disable' },
      },
      ...(maria && {
        mysql: {
          ...{ host: '127.0.0.1', port: String(maria.port), database: 'shop' },
          ...{ user: 'flows', password: 'password', ssl: 'disable' },
        },
      }),
    },
    egressAllow: `${hostname}:${port}`,
    stop: async () => {
      await mail.stop();
      await maria?.stop();
    },
  };
}

async function createEmptyDatabaseWithTables(): Promise<string> {
  const url = await createEmptyDatabase();
  await query(
    url,
    `CREATE TABLE orders (number text PRIMARY KEY, customer int, total numeric);
     INSERT INTO orders VALUES ('A-1', 7, 10.00), ('A-2', 7, 99.50), ('A-3', 8, 5.00);
     CREATE TABLE lines (id bigint GENERATED ALWAYS AS IDENTITY, order_number text, sku text, quantity int);
     CREATE TABLE stock (sku text PRIMARY KEY, quantity int); INSERT INTO stock VALUES ('tea', 3)`,
  );
  return url;
}
